import { configured } from '../environment.ts';
import { checkFieldNames, parseStaticFields, staticFieldsFault } from '../static-fields.ts';
import type { Translate } from '../status.ts';

/** The property of a dialog that holds static fields. `isStrict` where its names are those of every record of a host. */
export function staticFieldsProperty(isStrict = false): { value: string; validate(value: string): boolean } {
  return {
    value: '',
    validate(value) {
      try {
        const fields = parseStaticFields(configured(value));
        if (isStrict) checkFieldNames(fields);
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** Says below a field of static fields what is wrong with it, while it is typed. */
export function showFieldsFault(input: JQuery, translate: Translate): void {
  const row = $('<div class="form-row">').css({ marginTop: '-8px' });
  const words = $('<span>').css({
    marginLeft: '104px',
    display: 'inline-block',
    color: 'var(--red-ui-text-color-error)',
  });
  input.closest('.form-row').after(row.append(words));
  const show = (): void => {
    const fault = staticFieldsFault(configured(input.val()), translate);
    words.text(fault ?? '');
    row.toggle(fault !== undefined);
  };
  input.on('input change', show);
  show();
}
