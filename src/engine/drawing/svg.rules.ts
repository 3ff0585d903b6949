import { escaped } from '../../platform/bare.ts';
/**
 * A picture by Graphviz, made fit for any page: in the colour of the text around it or, standing alone, in ours for
 * light and dark; without scripts, references and the names of the inside; with a title for who cannot see it.
 */
export function svgFor(picture: string, title: string, language: string): string {
  const size = /width="([\d.]+)pt" height="([\d.]+)pt"/.exec(picture);
  const box = /viewBox="([^"]+)"/.exec(picture)?.[1] ?? '0 0 100 100';
  const inside = picture.slice(picture.indexOf('<g '), picture.lastIndexOf('</svg>'));
  const drawing = inside
    .replace(/<title>[^<]*<\/title>\n?/g, '')
    .replace(/<polygon fill="white"[^>]*\/>\n?/, '')
    .replace(/ id="[^"]*"/g, '')
    .replace(/ xml:space="preserve"| font-family="[^"]*"/g, '')
    .replace(/(fill|stroke)="(?:black|lightgr[ea]y)"/g, '$1="currentColor"')
    .replace(/<text /g, '<text fill="currentColor" ')
    .trim();
  return `<svg xmlns="http://www.w3.org/2000/svg" class="oa-chart" role="img" lang="${language}" viewBox="${box}" width="${size?.[1] ?? '100%'}" height="${size?.[2] ?? '100%'}">
<title>${escaped(title)}</title>
<style>${style}</style>
${drawing}
</svg>
`;
}

/** Everything is said by line and word; colour only helps. */
const style = `
.oa-chart { color: #1f2328; background: #ffffff; font-family: Arial, "Liberation Sans", Helvetica, sans-serif }
.oa-chart .around path { stroke-opacity: .55 }
.oa-chart .region path { stroke-opacity: .55 }
.oa-chart .cluster text { font-weight: bold; fill-opacity: .75 }
.oa-chart .step text { fill-opacity: .85 }
.oa-chart .current path, .oa-chart .current polygon { fill: #fff3bf }
.oa-chart .current text { font-weight: bold }
@media (prefers-color-scheme: dark) {
.oa-chart { color: #e6edf3; background: #0d1117 }
.oa-chart .current path, .oa-chart .current polygon { fill: #4d3d00 }
}`;
