import { Component, type ComponentChild } from 'preact';

/** A part that is drawn anew only where one of its properties is another. */
export function memo<Props extends object>(
  draw: (props: Props) => ComponentChild,
): new (
  props: Props,
) => Component<Props> {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      const [before, after] = [this.props, next] as { readonly [name: string]: unknown }[];
      return Object.keys(after ?? {}).some((name) => before?.[name] !== after?.[name]);
    }

    override render(): ComponentChild {
      return draw(this.props as Props);
    }
  };
}
