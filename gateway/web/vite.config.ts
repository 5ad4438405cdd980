import { defineConfig } from "vite";

const generated = new URL("../../gen/ts/skillsync", import.meta.url).pathname;

export default defineConfig({
  resolve: {
    alias: { "@gen": generated },
    // The generated messages lie outside this folder and find their runtime here.
    dedupe: ["@bufbuild/protobuf"],
  },
  // The edge's content security policy allows files of this origin and no data: URLs.
  build: {
    target: "es2024",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The app, and the page that everybody sees of a person's projects.
    rollupOptions: { input: ["index.html", "showcase.html"] },
  },
});
