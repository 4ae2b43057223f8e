import { mount } from "svelte";

import App from "./App.svelte";
import { takeFromAddress } from "./api/session.svelte";
import "./styles/page.css";

takeFromAddress();

const target = document.getElementById("page");
if (target) mount(App, { target });
