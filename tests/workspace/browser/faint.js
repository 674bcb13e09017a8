// Texts whose contrast with what lies behind them is below AA: a list of texts.
() => {
  const read = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const over = ([r, g, b, a = 1], under) => [r, g, b].map((one, index) => one * a + under[index] * (1 - a));
  const ground = (node) => {
    if (!node) return [255, 255, 255];
    const colour = read(getComputedStyle(node).backgroundColor);
    return colour[3] === 0 ? ground(node.parentElement) : colour.length === 3 ? colour : over(colour, ground(node.parentElement));
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [more, less] = [light(one), light(other)].sort((a, b) => b - a);
    return (more + 0.05) / (less + 0.05);
  };
  const texts = [...document.querySelectorAll("body *")].filter((node) => [...node.childNodes].some((child) =>
    child.nodeType === 3 && child.textContent.trim()) && node.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && !node.closest("option, optgroup, .unseen, .phone, [inert]"));
  return texts.flatMap((node) => {
    const style = getComputedStyle(node);
    const behind = ground(node);
    const ratio = contrast(over(read(style.color), behind), behind);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.6 && style.fontWeight >= 700);
    return ratio >= (large ? 3 : 4.5) ? [] : [`${ratio.toFixed(2)} ${node.tagName}.${node.className}: ${node.textContent.slice(0, 40)}`];
  });
}
