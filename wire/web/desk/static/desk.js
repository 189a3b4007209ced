// What makes the desk quicker to use. Everything works without it.
"use strict";

(() => {
  const PAGES = { b: "/desk", i: "/desk/inbox", f: "/desk/outlets" };
  let waitsForPage = false;

  const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog");

  function step(by) {
    const links = [...document.querySelectorAll("a.headline")];
    if (!links.length) return;
    const at = links.indexOf(document.activeElement?.closest("tr")?.querySelector("a.headline"));
    const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
    links[next].focus();
    links[next].closest("tr").scrollIntoView({ block: "nearest" });
  }

  const actions = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => document.querySelector('.filters input[name="text"]')?.select(),
    "?": () => document.getElementById("keys")?.showModal(),
    u: () => { if (location.pathname !== "/desk") location.assign("/desk"); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (waitsForPage) {
      waitsForPage = false;
      if (PAGES[event.key]) location.assign(PAGES[event.key]);
      return;
    }
    if (event.key === "g") {
      waitsForPage = true;
      setTimeout(() => { waitsForPage = false; }, 1500);
    } else if (actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
    }
  });

  // Filters act at once; the button is for those without script.
  for (const select of document.querySelectorAll(".filters select")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }
  document.querySelector(".filters")?.addEventListener("submit", (event) => {
    for (const field of event.target.elements) if (!field.value) field.disabled = true;
  });
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll(".filters :disabled")) field.disabled = false;
  });

  // Whether the board is live.
  const live = document.getElementById("live");
  const rows = document.getElementById("rows");
  if (live && rows?.hasAttribute("hx-sse:connect")) {
    const tell = (on) => {
      live.textContent = on ? "Live" : "Not connected";
      live.classList.toggle("on", on);
    };
    document.addEventListener("htmx:sse:after:connection", () => tell(true));
    for (const end of ["htmx:sse:error", "htmx:sse:close"]) document.addEventListener(end, () => tell(false));
    new MutationObserver((changes) => {
      for (const change of changes) {
        for (const node of change.addedNodes) if (node.nodeName === "TR") node.classList.add("arrived");
      }
    }).observe(rows, { childList: true, subtree: true });
  }

  // Files dropped anywhere on the form of the inbox.
  const drop = document.querySelector("form.drop");
  if (drop) {
    const files = drop.querySelector('input[type="file"]');
    const over = (on) => (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      drop.classList.toggle("over", on);
    };
    drop.addEventListener("dragover", over(true));
    drop.addEventListener("dragleave", over(false));
    drop.addEventListener("drop", (event) => {
      over(false)(event);
      if (!event.dataTransfer?.files.length) return;
      files.files = event.dataTransfer.files;
      drop.requestSubmit();
    });
  }
})();
