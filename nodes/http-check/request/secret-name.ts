/** Names of query parameters whose values are secrets. */

/** Anywhere in a name: `accessToken`, `client_secret`, `X-Amz-Signature`, `userPassword`. */
const PARTS = [
  'token',
  'secret',
  'passw',
  'passphrase',
  'pwd',
  'signature',
  'credential',
  'authoriz',
  'oauth',
  'apikey',
  'bearer',
  'session',
  'sessid',
  'cookie',
  'jwt',
  'hmac',
  'csrf',
  'xsrf',
  'private',
  'ticket',
  'assertion',
];

/** A word of a name, or its end: `key`, `X-Api-Key`, `subscriptionKey`, `accesskey`, `authcode`. */
const WORDS =
  /^(?:(?:.*[a-z])?keys?|(?:.*[a-z])?codes?|(?:.*[a-z])?pass|(?:.*[a-z])?auth|sig|sign|salt|psw|pw|pin|otp|totp|sid|sas|mac|tan|nonce|hash|login|creds?|licen[cs]e)$/;

/** A name may be `camelCase`, `snake_case`, `kebab-case` or `filter[name]`. Whatever is in doubt is a secret. */
export function isSecretName(name: string): boolean {
  const whole = name.toLowerCase().replace(/[^a-z\d]/g, '');
  if (PARTS.some((part) => whole.includes(part))) return true;
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.some((word) => WORDS.test(word)) || WORDS.test(whole);
}
