import '@fontsource-variable/inter';
import './style/tokens.css';
import './style/base.css';
import './style/form.css';
import './style/table.css';

import { mount } from 'svelte';

import App from './App.svelte';
import { language, setLanguage } from './i18n/index.svelte';
import { showTheme } from './session/theme.svelte';

setLanguage(language());
showTheme();
const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no element with id "app"');
export default mount(App, { target });
