import type {} from 'node-red';

/** How rows of rules, pickers and answers look. The colours are those of the editor's theme. */
const STYLE = `
.red-ui-editor .form-row.im-row { display: flex; gap: 0; align-items: flex-start; }
.red-ui-editor .form-row.im-row > label { flex: 0 0 125px; width: 125px; padding: 6px 4px 0 0; margin: 0; box-sizing: border-box; }
.red-ui-editor .form-row .im-cell { flex: 1 1 0; min-width: 0; width: auto; }
.red-ui-editor .form-row .im-line { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; width: auto; }
.red-ui-editor .form-row .im-cell > .im-line:not(:first-child) { margin-top: 6px; }
.red-ui-editor .form-row .im-line label { display: inline; width: auto; margin: 0; }
.red-ui-editor .form-row .im-line > * { margin: 0; }
.red-ui-editor .form-row .im-line input[type=checkbox] { width: auto; margin: 0; }
.red-ui-editor .form-row input.im-number { width: 62px; flex: none; text-align: right; }
.red-ui-editor .form-row input.im-time { width: 70px; flex: none; }
.red-ui-editor .form-row select.im-select { width: auto; flex: none; max-width: 100%; }
.red-ui-editor .form-row input.im-grow, .red-ui-editor .form-row select.im-grow { width: auto; flex: 1 1 140px; min-width: 90px; }
.red-ui-editor .form-row input.im-field { font-family: var(--red-ui-monospace-font); font-size: 13px; }
.red-ui-editor .form-row .im-picker { flex: 1 1 140px; min-width: 90px; width: auto; }
.red-ui-editor .form-row .im-picker > input { width: 100%; box-sizing: border-box; }
.red-ui-editor .im-hint { color: var(--red-ui-secondary-text-color); }
.red-ui-editor .im-fault { color: var(--red-ui-text-color-error); }
.red-ui-editor .im-warning { color: var(--red-ui-secondary-text-color); border-left: 3px solid var(--red-ui-text-color-warning); padding-left: 6px; }
.red-ui-editor .form-row .im-below { margin-top: 4px; }
.red-ui-editor .im-below:empty { display: none; }
.red-ui-editor .im-fault, .red-ui-editor .im-warning, .red-ui-editor .im-below.im-hint, .im-answer { width: 0; min-width: 100%; box-sizing: border-box; }
.red-ui-editor hr.im-rule { margin: 10px 0; border: 0; border-top: 1px solid var(--red-ui-secondary-border-color); }
.im-offers { position: fixed; z-index: 2000; overflow-y: auto; box-sizing: border-box; background: var(--red-ui-form-input-background);
  color: var(--red-ui-primary-text-color); border: 1px solid var(--red-ui-form-input-border-color); box-shadow: 0 2px 6px rgba(0, 0, 0, 0.3); }
.im-offer { display: flex; justify-content: space-between; gap: 16px; padding: 4px 8px; cursor: pointer; white-space: nowrap; line-height: 20px; }
.im-offer:hover, .im-offer.im-marked { background: var(--red-ui-list-item-background-hover); }
.im-offer.im-marked { box-shadow: inset 3px 0 var(--red-ui-form-input-focus-color); }
.im-offer-note { color: var(--red-ui-secondary-text-color); font-style: italic; }
.im-offer-note.im-seen { font-style: normal; font-family: var(--red-ui-monospace-font); }
.im-rules .red-ui-editableList-container li { padding-top: 4px; padding-bottom: 4px; }
.im-rules .red-ui-editableList-container { min-height: 0; }
.im-rules { min-width: 560px; }
.im-hits:empty { display: none; }
.im-rules .im-empty { padding: 4px 8px; }
.im-hits { flex: 0 0 44px; text-align: right; color: var(--red-ui-secondary-text-color); }
.im-or-absent { white-space: nowrap; }
.im-chip { display: inline-flex; align-items: center; gap: 6px; padding: 3px 4px 3px 8px; border: 1px solid var(--red-ui-form-input-border-color);
  border-radius: 4px; font-family: var(--red-ui-monospace-font); }
.im-chip button { border: 0; background: none; padding: 0 4px; color: inherit; }
.im-answer { border-left: 4px solid var(--red-ui-secondary-border-color); background: var(--red-ui-secondary-background-inactive);
  padding: 8px 12px; overflow-wrap: anywhere; text-align: left; }
.im-answer.im-good { border-left-color: var(--red-ui-deploy-button-background-disabled, #080); border-left-color: #2ca25f; }
.im-answer.im-bad { border-left-color: var(--red-ui-text-color-error); }
.im-answer:empty { display: none; }
.im-bar { display: flex; height: 8px; margin: 6px 0; border-radius: 2px; overflow: hidden; background: var(--red-ui-secondary-border-color); }
.im-bar-passed { background: #2ca25f; }
.im-bar-rules { background: #d8c77b; }
.im-bar-limit { background: #e0912b; }
.im-last { width: 100%; border-collapse: collapse; table-layout: fixed; }
.im-last td { padding: 3px 6px 3px 0; border-top: 1px solid var(--red-ui-secondary-border-color); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
`;

const ID = 'infra-monitoring-style';

/** Puts the style into the page, once. */
export function useStyle(): void {
  if ($(`#${ID}`).length === 0) $('<style>').attr('id', ID).text(STYLE).appendTo('head');
}
