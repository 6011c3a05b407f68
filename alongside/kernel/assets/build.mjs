// Builds the page assets into alongside/kernel/static/built/: one stylesheet, one script, and of the design
// systems' images only those that the stylesheet names, so that no crown or crest is ever served.
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as sass from "sass";

const ASSETS = dirname(fileURLToPath(import.meta.url));
const ROOT = join(ASSETS, "../../..");
const BUILT = join(ASSETS, "../static/built");
const PACKAGES = join(ROOT, "node_modules");
const MOJ = join(PACKAGES, "@ministryofjustice/frontend/moj");

const stylesheet = sass.compile(join(ASSETS, "styles/alongside.scss"), {
  loadPaths: [ROOT, PACKAGES],
  logger: { warn: sayOurWarningsOnly },
  quietDeps: true,
  style: "compressed",
}).css;

await rm(BUILT, { recursive: true, force: true });
await mkdir(join(BUILT, "images"), { recursive: true });
await writeFile(join(BUILT, "alongside.css"), stylesheet);
await cp(join(ASSETS, "scripts/js-enabled.js"), join(BUILT, "js-enabled.js"));
await cp(join(ASSETS, "images"), join(BUILT, "images"), { recursive: true });

await build({
  entryPoints: [join(ASSETS, "scripts/alongside.js")],
  outdir: BUILT,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
});

const images = new Set([...stylesheet.matchAll(/url\("?\.\/images\/([^")]+)"?\)/g)].map((match) => match[1]));
for (const image of images) {
  await cp(join(MOJ, "assets/images", image), join(BUILT, "images", image));
}

/** MoJ Frontend still uses mixins that GOV.UK Frontend has deprecated; that is theirs to mend. */
function sayOurWarningsOnly(message, { span, stack }) {
  const at = String(span?.url ?? stack ?? "");
  if (!at.includes("node_modules")) console.warn(message, at);
}
