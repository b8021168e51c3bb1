// How steps and ways look on the tree. No colour stands alone: errors and doubts are marked in the words of a step, how many
// callers came is told there, and a way is as wide as it is busy and tells how many.

const colours = getComputedStyle(document.documentElement);
export const GHOST = "ghost of a way";

function colour(name) {
  return colours.getPropertyValue(name).trim();
}

export function styles() {
  const font = { "font-family": "Noto Sans, Noto Sans Bengali, Noto Sans Devanagari, sans-serif" };
  return [
    { selector: "node", style: { ...font, shape: "round-rectangle", width: 190, height: 56, label: "data(label)", "text-wrap": "wrap", "text-max-width": 180, "line-height": 1.3, "text-valign": "center", "font-size": 12, color: colour("--ink"), "background-color": "#fff", "border-width": 1.5, "border-color": colour("--line-strong") } },
    { selector: "node[verb = 'menu'], node[verb = 'language'], node[verb = 'ask'], node[verb = 'otp']", style: { "background-color": colour("--accent-wash") } },
    { selector: "node[verb = 'queue'], node[verb = 'callback'], node[verb = 'record']", style: { "background-color": colour("--good-wash") } },
    { selector: "node[verb = 'end'], node[verb = 'hang_up']", style: { "background-color": "#e8ecef" } },
    { selector: "node[share >= 0]", style: { "background-color": "mapData(share, 0, 1, #fff, #6fb1f2)", height: "mapData(share, 0, 1, 56, 84)" } },
    { selector: "node[?doubts]", style: { "border-color": colour("--warn"), "border-width": 3 } },
    { selector: "node[?errors]", style: { "border-color": colour("--bad"), "border-width": 4 } },
    { selector: "node.picked", style: { "border-color": "#1170c9", "border-width": 5 } },
    { selector: "node.lit", style: { "background-color": "#ffd479" } },
    { selector: "node.dim, edge.dim", style: { opacity: 0.25 } },
    { selector: `node[id = '${GHOST}']`, style: { width: 12, height: 12, label: "", "background-color": "#1170c9" } },
    { selector: "edge", style: { ...font, width: 1.5, "curve-style": "bezier", "target-arrow-shape": "triangle", "line-color": colour("--line-strong"), "target-arrow-color": colour("--line-strong"), label: "data(told)", "font-size": 10, color: colour("--ink-soft"), "text-background-color": "#fff", "text-background-opacity": 0.85, "text-background-padding": 1 } },
    { selector: "edge[share >= 0]", style: { width: "mapData(share, 0, 1, 1.5, 16)", "arrow-scale": 0.8, "line-opacity": 0.6, "font-size": 12, color: colour("--ink") } },
    { selector: "edge[share = 0]", style: { "line-style": "dashed", "font-size": 10 } },
    { selector: "edge:active, edge.led", style: { width: 4, "line-color": "#1170c9", "target-arrow-color": "#1170c9" } },
  ];
}
