import { render } from "preact";
import { ShowcasePage } from "./page.tsx";
import { userIdOf } from "./links.ts";
import "../styles/base.css";
import "../styles/header.css";
import "../styles/controls.css";
import "../styles/showcase.css";

const root = document.getElementById("showcase");
if (root) render(<ShowcasePage userId={userIdOf(location.pathname)} />, root);
