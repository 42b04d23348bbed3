/** What a test came to, for people: good, bad, or neither where nobody can tell. */
export interface Answer {
  readonly text: string;
  readonly isGood: boolean | undefined;
}

export interface TestButton {
  readonly button: JQuery;
  /** Where the answer is shown; empty until there is one. */
  readonly place: JQuery;
  readonly url: string;
  readonly words: { readonly running: string; readonly noAnswer: string };
  /** The dialog as it stands. */
  body(): object;
  answers(response: never): readonly Answer[];
}

/** The editor's own colours, which follow its theme. The sign says the same to whoever does not tell red from green. */
const SIGNS = {
  good: ['fa-check', 'var(--red-ui-text-color-success)'],
  bad: ['fa-times', 'var(--red-ui-text-color-error)'],
  open: ['fa-question', 'var(--red-ui-text-color-warning)'],
} as const;

/** Shows what a test came to, a line for each: good ones green, bad ones red. */
function showAnswers(place: JQuery, answers: readonly Answer[]): void {
  place.empty().show();
  for (const { text, isGood } of answers) {
    const kind = isGood === undefined ? 'open' : isGood ? 'good' : 'bad';
    const [icon, color] = SIGNS[kind];
    $('<div>')
      .addClass(`infra-monitoring-answer-${kind}`)
      .css({ color, overflowWrap: 'anywhere' })
      .append($('<i>').addClass(`fa ${icon}`).css('width', '1.4em'), $('<span>').text(text))
      .appendTo(place);
  }
}

/** Makes a button ask the runtime what the dialog, as it stands, comes to, and show the answer. */
export function onTest({ button, place, url, words, body, answers }: TestButton): void {
  button.on('click', () => {
    button.prop('disabled', true);
    place.text(words.running).show();
    $.ajax({ url, type: 'POST', contentType: 'application/json', data: JSON.stringify(body()) })
      .done((response) => showAnswers(place, answers(response as never)))
      .fail(({ responseJSON }) => showAnswers(place, [{ text: responseJSON?.fault ?? words.noAnswer, isGood: false }]))
      .always(() => button.prop('disabled', false));
  });
}
