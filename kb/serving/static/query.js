"use strict";
// The editor with this server as its only endpoint, and the named queries to choose from.
(async () => {
  const endpoint = new URL("/sparql", location.href).href;
  const { Yasgui } = window.Yasgui.Yasgui ? window.Yasgui : { Yasgui: window.Yasgui };
  Yasgui.Yasqe.defaults.autocompleters = ["prefixes", "variables"];
  const yasgui = new Yasgui(document.getElementById("yasgui"), {
    requestConfig: { endpoint, method: "POST" },
    copyEndpointOnNewTab: false,
    persistenceId: "mipex-kb",
    endpointCatalogueOptions: { getData: () => [{ endpoint }], keys: [] },
  });
  for (const tab of Object.values(yasgui._tabs)) tab.setEndpoint(endpoint);
  const queries = await (await fetch("/queries.json")).json();
  const named = document.getElementById("named");
  const about = document.getElementById("about");
  for (const query of queries) named.append(new Option(query.title, query.name));
  named.addEventListener("change", () => {
    const query = queries.find((each) => each.name === named.value);
    if (!query) return;
    about.textContent = query.description;
    yasgui.getTab().setQuery(query.query);
  });
})();
