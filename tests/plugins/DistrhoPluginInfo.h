// What DPF wants to know of the two plug-ins of plugin.cpp.
#pragma once
#define DISTRHO_PLUGIN_BRAND "Hardcore tests"
#define DISTRHO_PLUGIN_NAME NAME
#define DISTRHO_PLUGIN_URI "urn:hardcore:tests:" NAME
#define DISTRHO_PLUGIN_HAS_UI 0
#define DISTRHO_PLUGIN_IS_RT_SAFE 1
#define DISTRHO_PLUGIN_WANT_LATENCY 1
#define DISTRHO_PLUGIN_IS_SYNTH SYNTH
#define DISTRHO_PLUGIN_NUM_INPUTS (SYNTH ? 0 : 2)
#define DISTRHO_PLUGIN_NUM_OUTPUTS 2
