import { render } from "preact";
import { App } from "./app.tsx";
import "./styles/base.css";
import "./styles/header.css";
import "./styles/controls.css";
import "./styles/forms.css";
import "./styles/screens.css";
import "./styles/report.css";
import "./styles/pages.css";
import "./styles/ranking.css";

const root = document.getElementById("app");
if (root) render(<App />, root);
