// Builds credo/web/static: one style sheet, one script with lazy parts, fonts, one icon sprite, and a manifest
// that maps plain names to hashed ones. Run by `npm run build`; `--watch` rebuilds on every change.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const target = join(here, "../static");
const fresh = join(here, `../.static-${process.pid}`);
const require = createRequire(import.meta.url);

const options = {
  absWorkingDir: root,
  entryPoints: { app: join(here, "app.ts"), style: join(here, "css/app.css"), frame: join(here, "css/frame.css") },
  outdir: fresh,
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: ["chrome125", "firefox128", "safari17.5"],
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file" },
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};

async function build() {
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  const { metafile } = await esbuild.build(options);
  const manifest = named(metafile);
  manifest["icons.svg"] = await hashed("icons.svg", await sprite());
  manifest["mark.svg"] = await hashed("mark.svg", await readFile(join(here, "mark.svg"), "utf8"));
  await writeFile(join(fresh, "licences.txt"), await licences());
  await writeFile(join(fresh, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
  await replace();
}

// Plain name -> hashed name, for the entry points only: parts and fonts are found by the files that use them.
function named(metafile) {
  const names = {};
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint || basename(path).startsWith("part-")) continue;
    const file = basename(path);
    names[file.replace(/-[A-Z0-9]{8}(?=\.\w+$)/, "")] = file;
  }
  return names;
}

async function hashed(name, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const file = name.replace(".", `-${hash}.`);
  await writeFile(join(fresh, file), text);
  return file;
}

// icons.txt holds one pair a line: our name, the name in lucide-static.
async function sprite() {
  const folder = join(dirname(require.resolve("lucide-static/package.json")), "icons");
  const lines = (await readFile(join(here, "icons.txt"), "utf8")).split("\n").filter((line) => line.trim());
  const symbols = await Promise.all(
    lines.map(async (line) => {
      const [ours, theirs] = line.trim().split(/\s+/);
      const svg = await readFile(join(folder, `${theirs}.svg`), "utf8");
      const shapes = svg.replace(/<!--.*?-->/gs, "").replace(/^\s*<svg[^>]*>|<\/svg>\s*$/gs, "");
      return `<symbol id="${ours}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

// Everything we ship from others, with its licence, so that the wheel carries the notices.
async function licences() {
  const { dependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8"));
  const shipped = Object.keys(lock.packages).filter((path) => path && !lock.packages[path].dev);
  const texts = await Promise.all(
    shipped.sort().map(async (path) => {
      const folder = join(root, path);
      const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
      const name = path.replace(/^.*node_modules\//, "");
      const text = file ? await readFile(join(folder, file), "utf8") : `Licence: ${lock.packages[path].license}\n`;
      return `${name} ${lock.packages[path].version}\n${"=".repeat(72)}\n${text.trim()}\n`;
    }),
  );
  if (texts.length < Object.keys(dependencies).length) throw new Error("A dependency has no entry in the lock file.");
  return texts.join("\n\n");
}

// A rename at the end, so that a running server never sees half a folder.
async function replace() {
  const old = `${fresh}-old`;
  await rename(target, old).catch((error) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(fresh, target);
  await rm(old, { recursive: true, force: true });
}

const started = performance.now();
await build();
const files = await readdir(target);
console.log(`${relative(root, target)}: ${files.length} files in ${Math.round(performance.now() - started)} ms`);

if (process.argv.includes("--watch")) {
  const { watch } = await import("node:fs");
  let timer;
  watch(here, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => build().catch((error) => console.error(error.message)), 80);
  });
}
