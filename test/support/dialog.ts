import type { Locator, Page } from 'playwright-core';

/** What a form's control holds: its text, or whether it is ticked. */
export type Value = string | boolean;

export interface Dialog {
  readonly form: Locator;
  control(property: string): Locator;
  set(property: string, value: Value): Promise<void>;
  /** Chooses the first config node there is for `property`. */
  choose(property: string): Promise<void>;
  /** All controls of the form by property. */
  values(): Promise<Record<string, Value>>;
  isMarked(property: string): Promise<boolean>;
  /** Opens the dialog of the config node that `property` names, or of a new one where it names none. */
  openConfigNode(property: string): Promise<Dialog>;
  showHelp(): Promise<string>;
  isOpen(): Promise<boolean>;
  done(): Promise<void>;
  cancel(): Promise<void>;
}

/** What the select box of a config node holds where none is chosen. */
const NO_CONFIG_NODE = ['', '_ADD_'];

/** The dialog of a node of the workspace that has just opened. */
export function nodeDialog(page: Page): Promise<Dialog> {
  return dialog(page, 'node-input', '#dialog-form', 'node-dialog');
}

/** `prefix` is that of its controls' ids, `buttons` that of its Done and Cancel. */
async function dialog(page: Page, prefix: string, formSelector: string, buttons: string): Promise<Dialog> {
  // The dialog of a config node may open another one: both have the same ids.
  const form = page.locator(formSelector).last();
  await form.waitFor();
  const ok = page.locator(`#${buttons}-ok`).last();
  await ok.waitFor();
  await trayAtRest(page, 'opened');
  const control = (property: string): Locator => form.locator(`[id="${prefix}-${property}"]`);
  const leave = async (button: Locator): Promise<void> => {
    const pressed = await button.elementHandle();
    await button.click();
    await pressed?.waitForElementState('hidden');
    // The dialog below, if there is one, slides back in.
    await trayAtRest(page, 'uncovered');
  };
  return {
    form,
    control,
    async set(property, value) {
      const element = control(property);
      const kind = await element.evaluate((node) => `${node.tagName} ${(node as HTMLInputElement).type}`);
      // An input that Node-RED dresses up (a typed input, a toggle) is hidden: its value is set as its widget would.
      if (!(await element.isVisible())) await setHidden(element, value);
      else if (kind.startsWith('SELECT')) await element.selectOption(String(value));
      else if (kind.endsWith('checkbox')) await element.setChecked(value === true);
      else await element.fill(String(value));
      await element.dispatchEvent('change');
    },
    async choose(property) {
      const options = await control(property).locator('option').all();
      const ids = await Promise.all(options.map((option) => option.getAttribute('value')));
      const id = ids.find((value) => value !== null && !NO_CONFIG_NODE.includes(value));
      if (id === undefined) throw new Error(`there is no config node for ${property}`);
      await control(property).selectOption(id);
    },
    values: () =>
      form.evaluate((root, start) => {
        const controls = [...root.querySelectorAll<HTMLInputElement>(`[id^="${start}-"]`)];
        const valued = controls.filter((element) => 'value' in element && element.tagName !== 'BUTTON');
        // A password never comes back from the runtime; that there is one does.
        const held = (element: HTMLInputElement): string | boolean =>
          element.type === 'checkbox'
            ? element.checked
            : element.type === 'password' && element.value !== ''
              ? 'a password'
              : element.value;
        return Object.fromEntries(valued.map((element) => [element.id.slice(start.length + 1), held(element)]));
      }, prefix),
    isMarked: (property) =>
      control(property).evaluate(
        (element) =>
          element.classList.contains('input-error') ||
          element.nextElementSibling?.classList.contains('input-error') === true ||
          element.parentElement?.classList.contains('input-error') === true,
      ),
    async openConfigNode(property) {
      const exists = !NO_CONFIG_NODE.includes(await control(property).inputValue());
      await form.locator(`[id="${prefix}-btn-${property}-${exists ? 'edit' : 'add'}"]`).click();
      return dialog(page, 'node-config-input', '#node-config-dialog-edit-form', 'node-config-dialog');
    },
    async showHelp() {
      await page.locator('.red-ui-tray').last().locator('.red-ui-tray-footer .fa-book').click();
      const help = page.locator('.red-ui-help .red-ui-help:visible');
      await help.waitFor();
      return help.innerText();
    },
    isOpen: async () => (await ok.count()) > 0,
    done: () => leave(ok),
    cancel: () => leave(page.locator(`#${buttons}-cancel`).last()),
  };
}

/**
 * Waits until the topmost dialog stands where it stays. A dialog is in the page, and its form filled, before it slides
 * in: until then its buttons rest right of the window. Playwright finds them at rest there, scrolls the editor to
 * them, and presses; when the slide begins before the button is let go of, no click comes of it.
 * One that has been `opened` also takes the focus during the slide, away from a field that is being filled.
 */
async function trayAtRest(page: Page, was: 'opened' | 'uncovered'): Promise<void> {
  await page.waitForFunction((takesFocus) => {
    const tray = [...document.querySelectorAll<HTMLElement>('#red-ui-editor-stack > .red-ui-tray')].at(-1);
    if (tray === undefined) return !takesFocus;
    const isIn = getComputedStyle(tray).right === '0px' && tray.getAnimations().length === 0;
    return isIn && (!takesFocus || tray.contains(document.activeElement));
  }, was === 'opened');
}

async function setHidden(element: Locator, value: Value): Promise<void> {
  await element.evaluate((node, next) => {
    const input = node as HTMLInputElement;
    if (typeof next === 'boolean') input.checked = next;
    else input.value = next;
  }, value);
}
