// The menus as a drawn tree. A canvas says nothing to those who cannot see it: the list of steps below it says the same.

import cytoscape from "/desk/libraries/cytoscape.esm.min.mjs";
import dagre from "/desk/libraries/cytoscape-dagre.min.mjs";

cytoscape.use(dagre);

const MANY = 200; // steps from which on speed goes before beauty
const READABLE = 0.75; // at first: the beginning of the menus, large enough to be read; "Show all" shows the rest
const GHOST = "ghost of a way";
const colours = getComputedStyle(document.documentElement);

function colour(name) {
  return colours.getPropertyValue(name).trim();
}

function styles() {
  const font = { "font-family": "Noto Sans, Noto Sans Bengali, Noto Sans Devanagari, sans-serif" };
  return [
    { selector: "node", style: { ...font, shape: "round-rectangle", width: 190, height: 52, label: "data(label)", "text-wrap": "wrap", "text-max-width": 180, "text-valign": "center", "font-size": 12, color: colour("--ink"), "background-color": "#fff", "border-width": 1.5, "border-color": colour("--line-strong") } },
    { selector: "node[verb = 'menu'], node[verb = 'language'], node[verb = 'ask'], node[verb = 'otp']", style: { "background-color": colour("--accent-wash") } },
    { selector: "node[verb = 'queue'], node[verb = 'callback'], node[verb = 'record']", style: { "background-color": colour("--good-wash") } },
    { selector: "node[verb = 'end'], node[verb = 'hang_up']", style: { "background-color": "#e8ecef" } },
    { selector: "node[share >= 0]", style: { "background-color": "mapData(share, 0, 1, #fff, #6fb1f2)", height: "mapData(share, 0, 1, 36, 64)" } },
    { selector: "node[?doubts]", style: { "border-color": colour("--warn"), "border-width": 3 } },
    { selector: "node[?errors]", style: { "border-color": colour("--bad"), "border-width": 4 } },
    { selector: "node.picked", style: { "border-color": "#1170c9", "border-width": 5 } },
    { selector: "node.lit", style: { "background-color": "#ffd479" } },
    { selector: "node.dim, edge.dim", style: { opacity: 0.25 } },
    { selector: `node[id = '${GHOST}']`, style: { width: 12, height: 12, label: "", "background-color": "#1170c9" } },
    { selector: "edge", style: { ...font, width: 1.5, "curve-style": "bezier", "target-arrow-shape": "triangle", "line-color": colour("--line-strong"), "target-arrow-color": colour("--line-strong"), label: "data(why)", "font-size": 10, color: colour("--ink-soft"), "text-background-color": "#fff", "text-background-opacity": 0.85, "text-background-padding": 1 } },
    { selector: "edge:active, edge.led", style: { width: 4, "line-color": "#1170c9", "target-arrow-color": "#1170c9" } },
  ];
}

export function makeTree(place, { onPick, onLead, mayLead }) {
  const cy = cytoscape({ container: place, style: styles(), autoungrabify: true, boxSelectionEnabled: false, minZoom: 0.05, maxZoom: 2.5, wheelSensitivity: 0.3 });
  let shape = "";
  let led = null;

  function label([name, , , says, errors, warnings], figures) {
    if (figures) return `${name}\n${figures.told}`;
    const short = says.length > 34 ? `${says.slice(0, 33)}…` : says;
    const marks = errors ? ` ✗${errors}` : warnings ? ` !${warnings}` : "";
    return `${name}${marks}\n${short}`;
  }

  function nodeOf(step, figures) {
    return { data: { id: step[0], verb: step[1], label: label(step, figures), errors: step[4], doubts: step[5], share: figures ? figures.share : -1 } };
  }

  function elements({ steps, ways, ends, figuresOf }) {
    const known = new Set(steps.map(([name]) => name));
    const nodes = steps.map((step) => nodeOf(step, figuresOf(step[0])));
    if (ways.some(([, , , target]) => target === "hang_up")) nodes.push({ data: { id: "hang_up", verb: "hang_up", label: ends } });
    known.add("hang_up");
    const edges = ways.filter(([step, , , target]) => known.has(step) && known.has(target)).map(([source, why, , target, path]) => ({ data: { id: `way ${path.join("/")}`, source, target, why, path } }));
    return [...nodes, ...edges];
  }

  function draw(state) {
    const drawn = elements(state);
    const newShape = JSON.stringify(drawn.map(({ data }) => [data.id, data.source, data.target]));
    if (newShape === shape) {
      for (const { data } of drawn) cy.getElementById(data.id).data(data);
      return;
    }
    const isFirst = !shape;
    shape = newShape;
    const picked = cy.$("node.picked").map((node) => node.id());
    cy.batch(() => {
      cy.elements().remove();
      cy.add(drawn);
    });
    const many = state.steps.length > MANY;
    cy.layout({ name: "dagre", rankDir: "TB", nodeSep: 24, rankSep: 56, ranker: many ? "longest-path" : "network-simplex", animate: false, fit: false }).run();
    if (isFirst && state.start) showBeginning(state.start);
    picked.forEach((name) => cy.getElementById(name).addClass("picked"));
  }

  function showBeginning(name) {
    cy.zoom(READABLE);
    cy.center(cy.getElementById(name));
    cy.panBy({ x: 0, y: 60 - cy.height() / 2 });
  }

  function isInSight(node) {
    const [seen, box] = [cy.extent(), node.boundingBox()];
    return box.x1 >= seen.x1 && box.x2 <= seen.x2 && box.y1 >= seen.y1 && box.y2 <= seen.y2;
  }

  function pick(name) {
    cy.$("node.picked").removeClass("picked");
    const node = cy.getElementById(name);
    node.addClass("picked");
    if (node.nonempty() && !isInSight(node)) cy.center(node);
  }

  function light(name) {
    cy.$("node.lit").removeClass("lit");
    const node = name ? cy.getElementById(name) : cy.collection();
    node.addClass("lit");
    if (node.nonempty()) cy.center(node);
  }

  function sift(isFound) {
    cy.batch(() => cy.nodes().forEach((node) => node.toggleClass("dim", !isFound(node.id()))));
  }

  cy.on("tap", "node", ({ target }) => onPick(target.id()));

  // A way is taken by its line and led onto another step; where it is let go beside all steps, nothing happens.
  cy.on("tapstart", "edge", ({ target, position }) => {
    if (!mayLead) return;
    led = target;
    led.addClass("led");
    cy.userPanningEnabled(false);
    cy.add([{ data: { id: GHOST }, position: { ...position } }, { data: { id: `${GHOST} to`, source: led.data("source"), target: GHOST, why: "" }, classes: "led" }]);
  });
  cy.on("tapdrag", ({ position }) => {
    if (led) cy.getElementById(GHOST).position({ ...position });
  });
  cy.on("tapend", ({ position }) => {
    if (!led) return;
    const way = led;
    led = null;
    cy.getElementById(GHOST).remove();
    cy.userPanningEnabled(true);
    way.removeClass("led");
    const under = cy.nodes().filter((node) => {
      const box = node.boundingBox({ includeLabels: false });
      return position.x >= box.x1 && position.x <= box.x2 && position.y >= box.y1 && position.y <= box.y2;
    });
    const to = under.length && under[0].id();
    if (to && to !== way.data("target")) onLead(way.data("path"), to);
  });

  new ResizeObserver(() => cy.resize()).observe(place);
  return { draw, pick, light, sift, fit: () => cy.fit(undefined, 20) };
}
