/** The name of a new node in the ways that its files write it. The template is a node of the type `sample-node`. */

const KEBAB_CASE = /^[a-z]+(-[a-z]+)*$/;

function namesOf(type) {
  const words = type.split('-');
  const pascal = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  return [type, pascal, pascal[0].toLowerCase() + pascal.slice(1), words.join('_'), words.join(' ')];
}

const TEMPLATE = namesOf('sample-node');

/** Why `type` can be no new node's; undefined where it can. */
export function faultOf(type, present) {
  if (type === '') return 'the type is missing, for instance: npm run new -- temperature';
  if (!KEBAB_CASE.test(type)) return `${type} is not kebab-case: small letters, in words with a hyphen between them`;
  if (present.includes(type)) return `there is a node ${type} already`;
  return undefined;
}

/** A text or path of the template, for a node of this type. */
export function renamed(text, type) {
  const names = namesOf(type);
  return text.replace(new RegExp(TEMPLATE.join('|'), 'g'), (name) => names[TEMPLATE.indexOf(name)]);
}
