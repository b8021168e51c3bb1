// Where each step of large menus is drawn: in layers from the start down, each below those that lead to it. It costs as
// much time as there are steps and ways; what is more beautiful costs their square.

export const ACROSS = 214;
export const DOWN = 108;

// `nodes` are names in the order of the script, `edges` pairs of names. Returns a map from names to { x, y }.
export function layOut(nodes, edges, start) {
  const out = new Map(nodes.map((name) => [name, []]));
  for (const [source, target] of edges) out.get(source)?.push(target);
  const [order, isBack] = walk(nodes, out, start);
  const layer = new Map();
  const above = new Map(nodes.map((name) => [name, []]));
  for (const name of order) {
    const own = layer.get(name) ?? 0;
    layer.set(name, own);
    for (const target of out.get(name)) {
      if (isBack(name, target)) continue;
      layer.set(target, Math.max(layer.get(target) ?? 0, own + 1));
      above.get(target).push(name);
    }
  }
  return place(order, layer, above);
}

// Every step before those that it leads to, and which ways lead back to where a caller has been.
function walk(nodes, out, start) {
  const order = [];
  const state = new Map(); // 1 while its ways are followed, 2 when they have been
  const back = new Set();
  for (const first of out.has(start) ? [start, ...nodes] : nodes) {
    if (state.has(first)) continue;
    const path = [[first, 0]];
    state.set(first, 1);
    while (path.length) {
      const at = path[path.length - 1];
      const target = out.get(at[0])[at[1]];
      at[1] += 1;
      if (target === undefined) {
        state.set(at[0], 2);
        order.push(at[0]);
        path.pop();
      } else if (state.get(target) === 1) back.add(`${at[0]} ${target}`);
      else if (!state.has(target) && out.has(target)) {
        state.set(target, 1);
        path.push([target, 0]);
      }
    }
  }
  return [order.reverse(), (source, target) => back.has(`${source} ${target}`) || !out.has(target)];
}

// Layer by layer, each step as near below those that lead to it as its neighbours leave room.
function place(order, layer, above) {
  const layers = [];
  for (const name of order) (layers[layer.get(name)] ??= []).push(name);
  const at = new Map();
  layers.forEach((names, depth) => {
    const wished = names.map((name) => [name, middle(above.get(name).map((one) => at.get(one).x))]);
    wished.sort(([, one], [, other]) => one - other);
    let last = -Infinity;
    const rows = wished.map(([name, wish]) => [name, (last = Math.max(wish, last + ACROSS)), wish]);
    const shift = middle(rows.map(([, x, wish]) => wish - x));
    for (const [name, x] of rows) at.set(name, { x: x + shift, y: depth * DOWN });
  });
  return at;
}

function middle(numbers) {
  return numbers.length ? numbers.reduce((sum, one) => sum + one, 0) / numbers.length : 0;
}
