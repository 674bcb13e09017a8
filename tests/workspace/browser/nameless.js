// What is wrong with the names of controls: a list of texts. Names, ids that stand twice, pointers to nothing, one h1.
() => {
  const shown = (node) => node.checkVisibility({ visibilityProperty: true });
  const words = (ids) => ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  const label = (node) => [...(node.labels ?? [])].map((one) => one.textContent).join(" ");
  const own = (node) => node.matches("input, select, textarea, [role=region], [role=group], [role=dialog]") ? "" : node.textContent;
  const name = (node) => (node.getAttribute("aria-labelledby") ? words(node.getAttribute("aria-labelledby"))
    : node.getAttribute("aria-label") || label(node) || own(node)).trim();
  const controls = "button, a[href], input, select, textarea, summary, [tabindex='0'], nav, aside, section[id], [role=dialog], [role=img]";
  const wrong = [...document.querySelectorAll(controls)].filter((node) => shown(node) && !name(node))
    .map((node) => `no name: ${node.outerHTML.slice(0, 120)}`);
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `twice: ${id}`);
  const pointers = ["aria-labelledby", "aria-describedby", "aria-controls", "for", "aria-activedescendant"];
  const lost = pointers.flatMap((pointer) => [...document.querySelectorAll(`[${pointer}]`)].flatMap((node) =>
    node.getAttribute(pointer).split(/\s+/).filter((id) => id && !document.getElementById(id)).map((id) => `lost: ${id}`)));
  const headings = document.querySelectorAll("h1").length === 1 ? [] : ["not one h1"];
  return [...wrong, ...twice, ...lost, ...headings];
}
