"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const status = by("by-status"), code = by("by-code"), text = by("by-text");
  const accepted = by("accepted");
  const rows = Array.from(document.querySelectorAll("tbody.segment"), (body) => ({
    body,
    status: body.dataset.status,
    codes: body.dataset.codes.split(" "),
    text: body.textContent.toLowerCase(),
  }));
  let filtered = false;
  const filter = () => {
    const words = text.value.trim().toLowerCase();
    let hits = 0, hidden = false;
    for (const row of rows) {
      const on = (!status.value || row.status === status.value)
        && (!code.value || row.codes.includes(code.value))
        && (!words || row.text.includes(words));
      row.body.toggleAttribute("data-off", !on);
      hits += on;
      hidden ||= on && row.status === "accept";
    }
    const active = Boolean(status.value || code.value || words);
    if (accepted && (active || filtered)) accepted.open = active && hidden;
    filtered = active;
    by("hits").textContent = active ? `${hits} of ${rows.length} segments` : "";
  };
  for (const control of [status, code, text]) control.addEventListener("input", filter);
  by("controls").hidden = false;
  filter();
})();
