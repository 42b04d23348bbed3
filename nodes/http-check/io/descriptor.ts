import { open } from 'node:fs/promises';
import { errorCode } from '../../../lib/errors.ts';

/** Whether this process can open one more file. Without a free descriptor a name is not found either, and nothing says why. */
export async function hasDescriptor(): Promise<boolean> {
  try {
    await (await open(process.execPath)).close();
    return true;
  } catch (error) {
    return !['EMFILE', 'ENFILE', 'ENOMEM'].includes(errorCode(error) ?? '');
  }
}
