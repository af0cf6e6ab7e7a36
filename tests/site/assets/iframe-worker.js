// A worker for pages that were opened from a folder, where browsers start none: a hidden frame runs its scripts.
(() => {
  if (location.protocol !== "file:" || typeof window === "undefined") return;
  const loaded = (frame, url) => new Promise((done, failed) => {
    const script = frame.contentDocument.createElement("script");
    script.src = url;
    script.onload = done;
    script.onerror = () => failed(new Error(`${url} cannot be loaded`));
    frame.contentDocument.head.append(script);
  });
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.append(this.frame);
      const inside = this.frame.contentWindow;
      inside.importScripts = (...urls) =>
        urls.reduce((before, next) => before.then(() => loaded(this.frame, next)), Promise.resolve());
      inside.postMessage = data => this.dispatchEvent(new MessageEvent("message", { data }));
      this.ready = loaded(this.frame, url);
    }
    set onmessage(listener) { this.addEventListener("message", listener); }
    postMessage(data) {
      const inside = this.frame.contentWindow;
      this.ready.then(() => inside.dispatchEvent(new MessageEvent("message", { data })));
    }
    terminate() { this.frame.remove(); }
  };
})();
