// What is chosen: kept in the address after the hash, so that it can be bookmarked and passed on.

function stateOf(start) {
  const picked = new Map();
  for (const [name, value] of start.picked) {
    if (facets.get(name)?.number.has(value)) picked.set(name, new Set([...(picked.get(name) ?? []), value]));
  }
  return { down: start.down, across: start.across, search: start.search, picked };
}

function readHash() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const [down, across] = [parts.get("down"), parts.get("across")];
  if (!dimensions.has(down) || !dimensions.has(across) || down === across) return stateOf(data.start);
  const picked = [...parts].filter(([name]) => facets.has(name));
  return stateOf({ down, across, search: parts.get("search") ?? "", picked });
}

function writeHash(state) {
  const parts = new URLSearchParams({ down: state.down, across: state.across });
  if (state.search.trim()) parts.set("search", state.search.trim());
  for (const [name, values] of state.picked) for (const value of values) parts.append(name, value);
  history.replaceState(null, "", `#${parts}`);
}
