import type { Locator } from 'playwright-core';

/** Texts of a part of the page that are catalogue keys, or elements that ought to have a text of the catalogue and have none. */
export function untranslated(part: Locator): Promise<string[]> {
  return part.evaluate((root) => {
    const isKey = (text: string): boolean => /^[\w@/-]*:?[a-z][\w-]*(\.[a-z][\w-]*){2,}$/i.test(text.trim());
    const found: string[] = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (isKey(node.textContent ?? '')) found.push(`text: ${node.textContent}`);
    }
    for (const element of root.querySelectorAll('*')) {
      for (const name of ['placeholder', 'title', 'aria-label']) {
        if (isKey(element.getAttribute(name) ?? '')) found.push(`${name}: ${element.getAttribute(name)}`);
      }
      const key = element.getAttribute('data-i18n');
      if (key !== null && !key.startsWith('[') && element.textContent?.trim() === '') found.push(`empty: ${key}`);
    }
    return found;
  });
}

/** Visible texts of a part of the page whose contrast with what is behind them is below `minimum` (WCAG's ratio, 1 to 21). */
export function faint(part: Locator, minimum: number): Promise<string[]> {
  return part.evaluate((root, ratio) => {
    type Colour = [number, number, number, number];
    const colour = (css: string): Colour => {
      const [r = 0, g = 0, b = 0, a = 1] = (css.match(/[\d.]+/g) ?? []).map(Number);
      return [r, g, b, a];
    };
    const over = (top: Colour, below: Colour): Colour => {
      const mix = (i: 0 | 1 | 2): number => top[i] * top[3] + below[i] * (1 - top[3]);
      return [mix(0), mix(1), mix(2), 1];
    };
    const luminance = (c: Colour): number => {
      const part = (value: number): number => {
        const share = value / 255;
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      };
      return 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]);
    };
    const behind = (element: Element | null): Colour => {
      if (element === null) return [255, 255, 255, 1];
      const own = colour(getComputedStyle(element).backgroundColor);
      return own[3] === 1 ? own : over(own, behind(element.parentElement));
    };
    const elements = [...root.querySelectorAll('*')].filter((element) => {
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== '');
      // The value of a box to tick is not shown.
      const isShown = 'value' in element && element.value !== '' && !element.matches('[type=radio], [type=checkbox]');
      return (hasText || isShown) && element.checkVisibility();
    });
    return elements.flatMap((element) => {
      const back = behind(element);
      const text = over(colour(getComputedStyle(element).color), back);
      const [dark = 0, light = 0] = [luminance(text), luminance(back)].sort((a, b) => a - b);
      const contrast = (light + 0.05) / (dark + 0.05);
      const words = (element as HTMLInputElement).value || element.textContent?.trim();
      return contrast < ratio ? [`${contrast.toFixed(1)}: ${words}`] : [];
    });
  }, minimum);
}

/** Visible texts of a part of the page that are cut off: by what they stand in, by its right edge, or by their own field. */
export async function clipped(part: Locator): Promise<string[]> {
  return [...(await part.evaluate(clippedTexts)), ...(await part.evaluate(clippedFields))];
}

/** In the page. */
function clippedTexts(root: Element): string[] {
  /** The right edge of what cuts off what stands in it. */
  const edge = (element: Element | null): number => {
    if (element === null) return window.innerWidth;
    const cuts = element === root || getComputedStyle(element).overflowX !== 'visible';
    const outer = element === root ? window.innerWidth : edge(element.parentElement);
    return cuts ? Math.min(outer, element.getBoundingClientRect().right) : outer;
  };
  const found: string[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.textContent?.trim() === '' || !element?.checkVisibility() || element.closest('select') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const more = range.getBoundingClientRect().right - edge(element);
    if (more > 1) found.push(`text, ${Math.ceil(more)} px: ${node.textContent?.trim()}`);
  }
  return found;
}

/** In the page: what stands in a select box, or in a field that is empty. */
function clippedFields(root: Element): string[] {
  const ROOM_OF_AN_ARROW = 16;
  const context = document.createElement('canvas').getContext('2d');
  const fields = [...root.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')];
  return fields.flatMap((field) => {
    if (context === null || !field.checkVisibility()) return [];
    const isInput = field instanceof HTMLInputElement;
    if (isInput && field.value !== '') return [];
    // "Add new …" is the editor's own, and as long as the name of the type.
    const text = isInput ? field.placeholder : field.value === '_ADD_' ? '' : (field.selectedOptions[0]?.text ?? '');
    const { font, paddingLeft, paddingRight } = getComputedStyle(field);
    context.font = font;
    const padding = Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight);
    const room = field.clientWidth - padding - (isInput ? 0 : ROOM_OF_AN_ARROW);
    const more = context.measureText(text).width - room;
    return text !== '' && more > 1 ? [`${isInput ? 'placeholder' : 'option'}, ${Math.ceil(more)} px: ${text}`] : [];
  });
}
