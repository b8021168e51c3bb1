// The menus as a drawn tree. A canvas says nothing to those who cannot see it: the list of steps below it says the same.

import cytoscape from "/desk/libraries/cytoscape.esm.min.mjs";
import dagre from "/desk/libraries/cytoscape-dagre.min.mjs";
import { count } from "./clock.js";
import { ACROSS, DOWN, layOut } from "./menus_layout.js";
import { GHOST, styles } from "./menus_tree_style.js";

cytoscape.use(dagre);

const MANY = 200; // steps from which on speed goes before beauty
const AT_ONCE = 300; // steps or ways that are added between two pictures
const READABLE = 0.75; // at first: the beginning of the menus, large enough to be read; "Show all" shows the rest

function isSamePlace(one, other) {
  return other && one.source === other.source && one.target === other.target;
}

function isOther(one, other) {
  return Object.keys(other).some((name) => name !== "path" && one[name] !== other[name]);
}

function isElsewhere(one, other) {
  return one.x !== other.x || one.y !== other.y;
}

// Its middle, with as much around it as a step is large. Cheaper than to ask the library, which measures the words.
function isWithin({ x, y }, { x1, x2, y1, y2 }) {
  return x > x1 - ACROSS && x < x2 + ACROSS && y > y1 - DOWN && y < y2 + DOWN;
}

export function makeTree(place, { onPick, onLead, mayLead }) {
  const cy = cytoscape({ container: place, style: styles(), autoungrabify: true, boxSelectionEnabled: false, minZoom: 0.05, maxZoom: 2.5, wheelSensitivity: 0.3 });
  let known = new Map(); // what is drawn, by its id
  let later = 0;
  let picked = "";
  let isSought = () => true;
  let led = null;

  function label([name, , , says, errors, warnings], figures) {
    if (figures) return [name, figures.told, figures.left].filter(Boolean).join("\n");
    const short = says.length > 34 ? `${says.slice(0, 33)}…` : says;
    const marks = errors ? ` ✗${count(errors)}` : warnings ? ` !${count(warnings)}` : "";
    return `${name}${marks}\n${short}`;
  }

  function nodeOf(step, figures) {
    return { data: { id: step[0], verb: step[1], label: label(step, figures), errors: step[4], doubts: step[5], share: figures ? figures.share : -1 } };
  }

  // Without figures `took` is nothing, and all ways are drawn alike.
  function edgeOf([source, why, shown, target, path], took) {
    const told = took ? `${shown} · ${took.told}` : shown;
    return { data: { id: `way ${path.join("/")}`, source, target, why, told, path, share: took ? took.share : -1 } };
  }

  function elements({ steps, ways, ends, figuresOf, tookOf }) {
    const names = new Set(steps.map(([name]) => name));
    const nodes = steps.map((step) => nodeOf(step, figuresOf(step[0])));
    if (ways.some(([, , , target]) => target === "hang_up")) nodes.push({ data: { id: "hang_up", verb: "hang_up", label: ends } });
    names.add("hang_up");
    const took = tookOf(ways);
    const edges = ways.filter(([step, , , target]) => names.has(step) && names.has(target)).map((way) => edgeOf(way, took && took.get(way)));
    return [...nodes, ...edges];
  }

  // Large menus are arranged before they are drawn, and what is in sight is drawn at once; the rest, which nobody can see yet,
  // comes picture by picture.
  function draw(state) {
    cancelAnimationFrame(later);
    const all = [...new Map(elements(state).map((one) => [one.data.id, one])).values()];
    const isFirst = !known.size;
    if (!isFirst || state.steps.length <= MANY) {
      put(state, all);
      return;
    }
    const [nodes, edges] = [all.filter(({ data }) => !data.source), all.filter(({ data }) => data.source)];
    const places = layOut(nodes.map(({ data }) => data.id), edges.map(({ data }) => [data.source, data.target]), state.start);
    const placed = nodes.map((node) => ({ ...node, position: places.get(node.data.id) }));
    showAround(places.get(state.start) ?? placed[0]?.position ?? { x: 0, y: 0 });
    const sight = cy.extent();
    const isNear = ({ position }) => isWithin(position, sight);
    add(placed.filter(isNear));
    const isDrawn = ({ data }) => known.has(data.source) && known.has(data.target);
    add(edges.filter(isDrawn));
    addLater([...placed.filter((node) => !isNear(node)), ...edges.filter((edge) => !isDrawn(edge))]);
  }

  function add(some) {
    cy.batch(() => {
      const added = cy.add(some.map((one) => ({ ...one }))); // the library writes into what it is given
      added.nodes().forEach((node) => node.toggleClass("dim", !isSought(node.id())));
    });
    for (const { data } of some) known.set(data.id, { data });
    if (some.some(({ data }) => data.id === picked)) pick(picked);
  }

  function addLater(rest) {
    if (!rest.length) return;
    later = requestAnimationFrame(() => {
      later = requestAnimationFrame(() => {
        add(rest.slice(0, AT_ONCE));
        addLater(rest.slice(AT_ONCE));
      });
    });
  }

  // Only what is another than before is touched: of large menus that is what takes the time.
  function put(state, all) {
    const drawn = new Map(all.map((one) => [one.data.id, one]));
    const isFirst = !known.size;
    let isShapeNew = false;
    cy.batch(() => {
      for (const [id, before] of known) {
        if (isSamePlace(before.data, drawn.get(id)?.data)) continue;
        cy.getElementById(id).remove();
        known.delete(id);
        // Whoever is typing where a way leads takes it away with the first letter: the others stay where they are.
        isShapeNew ||= !before.data.source;
      }
      const added = [...drawn.values()].filter(({ data }) => !known.has(data.id));
      isShapeNew ||= added.length > 0;
      cy.add(added);
      for (const [id, one] of known) if (isOther(one.data, drawn.get(id).data)) cy.getElementById(id).data(drawn.get(id).data);
    });
    known = drawn;
    if (!isShapeNew) return;
    arrange(state);
    if (isFirst && state.start) showBeginning(state.start);
    cy.getElementById(picked).addClass("picked");
  }

  function arrange({ steps, start }) {
    if (steps.length <= MANY) {
      cy.layout({ name: "dagre", rankDir: "TB", nodeSep: 24, rankSep: 56, ranker: "network-simplex", animate: false, fit: false }).run();
      return;
    }
    const edges = cy.edges().map((edge) => [edge.data("source"), edge.data("target")]);
    const places = layOut(cy.nodes().map((node) => node.id()), edges, start);
    cy.batch(() => cy.nodes().forEach((node) => isElsewhere(node.position(), places.get(node.id())) && node.position(places.get(node.id()))));
  }

  function showBeginning(name) {
    const first = cy.getElementById(name);
    if (first.nonempty()) showAround(first.position());
  }

  // A little below the upper edge: what follows stands below it.
  function showAround({ x, y }) {
    cy.viewport({ zoom: READABLE, pan: { x: cy.width() / 2 - x * READABLE, y: 60 - y * READABLE } });
  }

  function isInSight(node) {
    const [seen, box] = [cy.extent(), node.boundingBox()];
    return box.x1 >= seen.x1 && box.x2 <= seen.x2 && box.y1 >= seen.y1 && box.y2 <= seen.y2;
  }

  function pick(name) {
    cy.getElementById(picked).removeClass("picked");
    picked = name;
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
    isSought = isFound;
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
