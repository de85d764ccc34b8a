// n and p: to the next and the previous hunk. Nothing else: the pages work without it.
(function () {
  "use strict";
  function go(step) {
    var hunks = Array.prototype.slice.call(document.querySelectorAll(".hunk"));
    if (!hunks.length) { return; }
    var line = 120, at = -1;
    hunks.forEach(function (hunk, number) {
      if (hunk.getBoundingClientRect().top <= line + 1) { at = number; }
    });
    if (document.activeElement && hunks.indexOf(document.activeElement) >= 0) { at = hunks.indexOf(document.activeElement); }
    var next = hunks[Math.max(0, Math.min(hunks.length - 1, at + step))];
    next.setAttribute("tabindex", "-1");
    next.focus({ preventScroll: true });
    window.scrollTo({ top: next.getBoundingClientRect().top + window.scrollY - line });
  }
  document.addEventListener("keydown", function (event) {
    var inField = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (inField || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "n") { go(1); }
    if (event.key === "p") { go(-1); }
  });
}());
