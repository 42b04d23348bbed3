/** Where reading begins: where it left off (the first time at the end), at the beginning, or at the end. */
export type Start = 'checkpoint' | 'beginning' | 'end';
