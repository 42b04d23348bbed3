import type { ComponentChildren } from 'preact';

export interface CardProps {
  readonly id?: string;
  readonly title: string;
  /** What stands at the right of the title. */
  readonly note?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A part of the page with its title. */
export function Card({ id, title, note, children }: CardProps) {
  return (
    <section class="im-card" aria-label={title} {...(id !== undefined && { id })}>
      <header class="im-card-head">
        <h2>{title}</h2>
        {note !== undefined && <div class="im-note">{note}</div>}
      </header>
      {children}
    </section>
  );
}
