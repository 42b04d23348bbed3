import type {} from 'node-red';

/** Above the fields of the dialog that is open: what the deployed node says of itself, whole. */
export function showPresentFault({ id, type }: { id: string; type: string }): void {
  $.getJSON(
    `infra-monitoring/${encodeURIComponent(type)}/fault/${encodeURIComponent(id)}`,
    ({ fault }: { fault?: string }) => {
      if (fault === undefined || fault === '') return;
      const form = $('#node-input-name, #node-config-input-name').last().closest('form');
      form.find('.infra-monitoring-fault').remove();
      // The colours are those of the editor's theme.
      const style = 'max-width: none; margin-bottom: 12px; border-left: 4px solid var(--red-ui-border-color-error)';
      $('<div class="form-tips infra-monitoring-fault" role="status">')
        .attr('style', style)
        .text(fault)
        .prependTo(form);
    },
  );
}
