/** What the dialogs of the Docker nodes offer to pick from. */

import type {} from 'node-red';

declare const RED: { readonly user: { hasPermission(permission: string): boolean } };

/** A list of what the engine has, as the route of docker-engine names it. */
export type ChoiceList = 'containers' | 'images' | 'labels' | 'projects' | 'services';

/** Fills the `datalist` of this id. */
export function fillList(id: string, values: readonly string[]): void {
  const options = values.map((value) => $('<option>').attr('value', value));
  $(`#${id}`).empty().append(options);
}

function fillLists(type: string, lists: readonly ChoiceList[], engine: unknown): void {
  if (typeof engine !== 'string' || engine === '' || engine === '_ADD_') return;
  // Who may not change the engine's node is not offered the values of labels.
  const more = RED.user.hasPermission('docker-engine.write') ? '/values' : '';
  $.getJSON(
    `infra-monitoring/docker-engine/choices/${encodeURIComponent(engine)}${more}`,
    (choices: { [list: string]: string[] }) => {
      for (const list of lists) fillList(`${type}-${list}`, choices[list] ?? []);
    },
  );
}

/** Lets the lists `<type>-<list>` of an open dialog offer what `engine` has, and after a change what the chosen one has. */
export function offerChoices(type: string, lists: readonly ChoiceList[], engine: unknown): void {
  const field = $('#node-input-engine');
  fillLists(type, lists, engine);
  field.on('change', () => fillLists(type, lists, field.val()));
}
