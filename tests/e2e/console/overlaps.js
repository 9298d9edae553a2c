// What lies over something else, is cut off, stands out of the window, or is drawn larger than meant: texts by their lines,
// controls by their boxes.
//
// Two boxes overlap when they share more than SHARE of the smaller one's height, and more than a few pixels each way, and
// neither element is inside the other. A dialog, and what is fixed or sticky, is a layer that is meant to lie over the
// rest: it is held against itself alone, and while a dialog is open the page behind it against nothing.
(isLaidOutAnew) => {
  const SLACK = 3, SHARE = 0.35;
  const CONTROLS = "button, input, select, textarea, summary, a.button";
  const edge = document.documentElement.clientWidth;
  const styles = new Map(), frames = new Map();
  const style = (each) => styles.get(each) ?? styles.set(each, getComputedStyle(each)).get(each);
  // The layer of an element, and what of the page is seen through the boxes around it that cut or scroll.
  const frame = (each) => {
    if (!each) return { layer: null, left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity, isScrolled: false };
    if (frames.has(each)) return frames.get(each);
    const outer = frame(each.parentElement), { position, overflowX, overflowY } = style(each);
    const isLayer = each.localName === "dialog" || position === "fixed" || position === "sticky";
    const made = { ...outer, layer: isLayer ? each : outer.layer };
    if (isLayer && position !== "sticky") Object.assign(made, { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity });
    if (overflowX !== "visible" && each !== document.documentElement && each !== document.body) {
      const box = each.getBoundingClientRect();
      made.left = Math.max(made.left, box.left);
      made.right = Math.min(made.right, box.right);
      made.top = Math.max(made.top, box.top);
      made.bottom = Math.min(made.bottom, box.bottom);
      made.isScrolled ||= /auto|scroll/.test(overflowX + overflowY) || style(each).textOverflow === "ellipsis";
    }
    frames.set(each, made);
    return made;
  };
  const found = { overlaps: [], cut: [], blown: [] };
  const named = (text) => `«${text.trim().replace(/\s+/g, " ").slice(0, 40)}»`;
  const boxes = [];
  const add = (owner, within, node, text, rects) => {
    const seen = frame(within);
    for (const rect of rects) {
      const box = { owner, node, text, layer: seen.layer, left: Math.max(rect.left, seen.left), right: Math.min(rect.right, seen.right), top: Math.max(rect.top, seen.top), bottom: Math.min(rect.bottom, seen.bottom) };
      if (rect.width < 1 || rect.height < 1 || rect.bottom + scrollY <= 0) continue;
      if (!seen.isScrolled && (box.right - box.left < rect.width - SLACK || rect.left < -1 || rect.right > edge + 1)) found.cut.push(named(text));
      if (box.right - box.left > SLACK && box.bottom - box.top > SLACK) boxes.push(box);
    }
  };
  const isSeen = (each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !each.closest(".unseen, option, title, noscript");
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  while (walk.nextNode()) {
    const node = walk.currentNode, owner = node.parentElement;
    if (!node.data.trim() || owner.closest("textarea, select") || !isSeen(owner)) continue;
    range.selectNodeContents(node);
    add(owner, owner, node, node.data, range.getClientRects());
  }
  const pen = document.createElement("canvas").getContext("2d");
  for (const control of document.querySelectorAll(CONTROLS)) {
    if (!isSeen(control)) continue;
    const words = control.getAttribute("aria-label") || control.textContent || control.id || control.localName;
    add(control, control.parentElement, control, words, control.getClientRects());
    const { font, paddingLeft, paddingRight } = style(control);
    pen.font = font;
    if (control.placeholder && pen.measureText(control.placeholder).width > control.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) + 1) found.cut.push(named(control.placeholder));
  }
  const open = document.querySelector("dialog:modal");
  const held = boxes.filter(({ layer }) => !open || layer === open).sort((one, other) => one.top - other.top);
  held.forEach((one, n) => {
    for (let m = n + 1; m < held.length && held[m].top < one.bottom - SLACK; m += 1) {
      const other = held[m];
      if (one.layer !== other.layer || one.node === other.node || one.owner.contains(other.owner) || other.owner.contains(one.owner)) continue;
      const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left), high = Math.min(one.bottom, other.bottom) - other.top;
      if (wide > SLACK && high > Math.max(SLACK, SHARE * Math.min(one.bottom - one.top, other.bottom - other.top))) found.overlaps.push(`${named(one.text)} and ${named(other.text)}`);
    }
  });
  // A chart is drawn once, for the width that the page was come to in.
  for (const chart of isLaidOutAnew ? [] : document.querySelectorAll("svg.chart")) {
    const scale = chart.getBoundingClientRect().width / chart.viewBox.baseVal.width;
    if (scale < 0.8 || scale > 1.25) found.blown.push(`${named(chart.getAttribute("aria-label"))} × ${scale.toFixed(2)}`);
  }
  return [innerWidth, Object.fromEntries(Object.entries(found).map(([kind, each]) => [kind, [...new Set(each)]]))];
}
