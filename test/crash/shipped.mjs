// node --import ./test/crash/shipped.mjs …: whatever imports from src gets the same module of dist. What is killed in
// these runs, and what judges it afterwards, is what ships. Everything else is TypeScript that Node runs as it stands.
import { enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

// Hundreds of processes load the same thousand files.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/offenes-amt/compiled', import.meta.url)));

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    return { ...found, url: found.url.replace(/\/src\/(.*)\.ts$/, '/dist/$1.js') };
  },
});
