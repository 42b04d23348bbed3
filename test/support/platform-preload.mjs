// Preloaded by --import: this process takes itself for one on the system that PRETEND_PLATFORM names. Its files, paths and
// programs stay those of this system, and so does what chooses native code, which asks `os.platform()`.
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';

const { PRETEND_PLATFORM } = process.env;
const { platform } = process;
if (PRETEND_PLATFORM) {
  os.platform = () => platform;
  syncBuiltinESMExports();
  Object.defineProperty(process, 'platform', { value: PRETEND_PLATFORM });
}
