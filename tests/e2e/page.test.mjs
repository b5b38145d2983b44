// The practice phone in a real browser: what a newcomer does after `make run`.
import test, { before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Stage } from './stage.mjs';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const skip = CHROMIUM ? false : 'no Chromium on this machine (Debian: apt-get install chromium; Ubuntu has it as a snap only)';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

describe('the practice phone in a browser', { skip }, () => {
  const stage = new Stage();
  let browser, page, errors;

  before(async () => {
    await stage.open();
    const { chromium } = createRequire(process.env.E2E_MODULES)('playwright-core');
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    errors = [];
    page.on('pageerror', e => errors.push(e.message));
    page.on('console', m => { if (m.type() === 'error') errors.push(m.text()); });
    await page.goto(`${stage.base}/`);
  });
  after(async () => { await browser?.close(); await stage.close(); });

  const last = title => page.getByRole('button', { name: title, exact: false }).last();
  const type = async text => { await page.getByPlaceholder('Bericht').fill(text); await page.keyboard.press('Enter'); };
  // Titles come from what the bot sent, so that a text may change without this test.
  const choices = async () => {
    const m = (await stage.get('messages?customer=sanne&from=bot&after=0')).messages.at(-1);
    return (m.body.interactive?.action.buttons ?? []).map(b => b.reply.title);
  };
  const said = async after => { await stage.next('sanne', after); return (await stage.get('state')).messages.at(-1).n; };

  test('six taps lead to an advice with its reasons and a link', async () => {
    await type('ik wil advies over mail');
    let n = await said(0);
    for (let question = 1; question <= 6; question++) {
      await page.getByText(`Vraag ${question} van 6`).last().waitFor();
      await last((await choices())[0]).click();
      n = await said(n);
    }
    await page.getByText(/Mijn advies:/).last().waitFor();
    assert.equal(await page.getByRole('link', { name: /wa\.me\/31644908448/ }).count(), 1);
    assert.equal((await choices()).length, 3);
  });

  test('a list opens as a sheet, works by keyboard and closes with Escape', async () => {
    await type('menu');
    const opener = last('Maak een keuze');
    await opener.waitFor();
    await opener.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    assert.equal(await page.getByRole('radio').count(), 9);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  test('what the bot gives as a file is shown with what it is', async () => {
    const authorization = 'Bearer practice-access-token';
    const say = async (type, mime, name, more = {}) => {
      const form = new FormData();
      form.append('messaging_product', 'whatsapp');
      form.append('type', mime);
      form.append('file', new Blob(['x'.repeat(1234)], { type: mime }), name);
      const { id } = await (await fetch(`${stage.base}/v25.0/700800/media`, { method: 'POST', headers: { authorization }, body: form })).json();
      const body = JSON.stringify({ messaging_product: 'whatsapp', to: '+31612345678', type, [type]: { id, ...more } });
      assert.equal((await fetch(`${stage.base}/v25.0/700800/messages`, { method: 'POST', headers: { authorization }, body })).status, 200);
    };
    await say('image', 'image/png', 'strand.png', { caption: 'Zo *mooi*' });
    await say('document', 'application/pdf', 'x.pdf', { filename: 'offerte.pdf', caption: 'De offerte' });
    await say('audio', 'audio/mpeg', 'lied.mp3');
    await say('audio', 'audio/ogg', 'stem.ogg', { voice: true });
    for (const text of ['strand.png · image/png · 2 kB', 'mooi', 'offerte.pdf', 'x.pdf · application/pdf · 2 kB', 'De offerte', 'lied.mp3 · audio/mpeg · 2 kB', 'stem.ogg · audio/ogg · 2 kB'])
      await page.locator('#log').getByText(text, { exact: true }).last().waitFor();
  });

  test('nothing is wider than a phone screen, nor than half a desktop at 200 %', async () => {
    for (const [width, height] of [[360, 640], [640, 400]]) {
      await page.setViewportSize({ width, height });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} wide`);
    }
  });

  test('the page reported no error', () => assert.deepEqual(errors, []));
});
