// A synth and an effect for the tests, from one source. -DSYNTH=1: a cosine of the note's pitch sounds from its first
// sample to its last. -DSYNTH=0: what comes in is turned down, and comes 100 samples late, as the plug-in says itself.
// Where the file that the variable TESTPLUGIN names holds a word such as `abort-load` or `hang-run`, that happens.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <unistd.h>

#include "DistrhoPlugin.hpp"

START_NAMESPACE_DISTRHO

static void misbehave(const std::string& when) {
  const char* path = getenv("TESTPLUGIN");
  FILE* file = path != nullptr ? fopen(path, "r") : nullptr;
  if (file == nullptr) return;
  char text[64] = {};
  fread(text, 1, sizeof text - 1, file);
  fclose(file);
  const std::string said(text);
  if (said == "abort-" + when) abort();
  while (said == "hang-" + when) pause();
  while (said == "leak-" + when)
    if (malloc(64 << 20) == nullptr) abort();
}

class TestPlugin : public Plugin {
 public:
  TestPlugin() : Plugin(2, 0, 0) {
    misbehave("load");
    setLatency(latency);
  }

 protected:
  const char* getLabel() const override { return NAME; }
  const char* getMaker() const override { return DISTRHO_PLUGIN_BRAND; }
  const char* getLicense() const override { return "ISC"; }
  uint32_t getVersion() const override { return d_version(1, 2, 3); }
  int64_t getUniqueId() const override { return d_cconst('H', 'c', 'T', '0' + SYNTH); }

  void initParameter(uint32_t index, Parameter& parameter) override {
    parameter.hints = kParameterIsAutomatable;
    parameter.name = index == 0 ? "Level" : "Curve";
    parameter.symbol = index == 0 ? "level" : "curve";
    parameter.unit = index == 0 ? "dB" : "";
    parameter.ranges.min = index == 0 ? -60 : 0;
    parameter.ranges.max = index == 0 ? 0 : 1;
    parameter.ranges.def = index == 0 ? -12 : 0.25;
  }
  float getParameterValue(uint32_t index) const override { return values[index]; }
  void setParameterValue(uint32_t index, float value) override { values[index] = value; }

#if SYNTH
  void run(const float**, float** out, uint32_t frames, const MidiEvent* events, uint32_t count) override {
    misbehave("run");
    const double gain = std::pow(10., values[0] / 20);
    for (uint32_t frame = 0, next = 0; frame < frames; ++frame) {
      for (; next < count && events[next].frame <= frame; ++next) {
        const uint8_t* data = events[next].data;
        const bool on = (data[0] & 0xf0) == 0x90 && data[2] > 0;
        if (on) {
          note = data[1];
          velocity = data[2] / 127.;
          phase = 0;
        } else if (data[1] == note) {
          note = -1;
        }
      }
      out[0][frame] = out[1][frame] = note < 0 ? 0 : float(std::cos(phase) * velocity * gain);
      phase += 2 * M_PI * 440 * std::pow(2., (note - 69) / 12.) / getSampleRate();
    }
  }
#else
  void run(const float** in, float** out, uint32_t frames) override {
    misbehave("run");
    const float gain = std::pow(10.f, values[0] / 20);
    for (uint32_t frame = 0; frame < frames; ++frame, at = (at + 1) % latency)
      for (int channel = 0; channel < 2; ++channel) {
        const float dry = in[channel][frame];
        out[channel][frame] = line[channel][at] * gain;
        line[channel][at] = dry;
      }
  }
#endif

 private:
  static constexpr uint32_t latency = SYNTH ? 0 : 100;
  float values[2] = {-12, 0.25};
  float line[2][latency + 1] = {};
  uint32_t at = 0;
  int note = -1;
  double velocity = 0, phase = 0;
};

Plugin* createPlugin() { return new TestPlugin(); }

END_NAMESPACE_DISTRHO
