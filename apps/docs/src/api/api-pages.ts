import { addressOf, REPOSITORY, type SitePage } from "../page/site-page.ts";
import { commentMarkdown } from "./comment-markdown.ts";
import { type DeclaredName, isValue } from "./declared-name.ts";
import { DeclarationReader } from "./door-names.ts";

/** A door and what it exports. */
export interface ApiDoor {
  /** As an import names it: `@orch/core/draw`. */
  readonly name: string;
  readonly slug: string;
  readonly names: readonly DeclaredName[];
}

/** A door with more types than this shows them on a page of their own. */
const MOST_TYPES = 30;

/** With more than this it shows them on several pages, by their first letters: a page of 200 types has 830 kB. */
const MOST_ON_A_PAGE = 50;

/** The first and the last letter of each such page. A type keeps its page when others come and go. */
const LETTERS = ["ab", "cc", "dh", "iq", "rr", "sz"] as const;

/**
 * Every door with what it exports, in the order of their names.
 *
 * @param root the folder of the repository
 * @param doors the source of each door by its name, as a path from the root
 */
export function apiDoors(root: string, doors: ReadonlyMap<string, string>): ApiDoor[] {
  const reader = new DeclarationReader(root);
  return [...doors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, path]) => ({
      name,
      slug: name.replace(/^@orch\//, "api/"),
      names: reader.namesOf(path),
    }));
}

/** The pages of the reference: an overview, one for each door, and those of the types of a large one. */
export function apiPages(doors: readonly ApiDoor[]): SitePage[] {
  const places = placesOf(doors);
  return [overviewOf(doors), ...doors.flatMap((door) => pagesOf(door, doors, places))];
}

/** Where each name stands, by the slug of the door and then by the name. */
type Places = ReadonlyMap<string, ReadonlyMap<string, string>>;

function placesOf(doors: readonly ApiDoor[]): Places {
  return new Map(
    doors.map((door) => [
      door.slug,
      new Map(
        door.names.map((declared) => [
          declared.name,
          `${addressOf(slugFor(declared, door))}#${declared.name.toLowerCase()}`,
        ]),
      ),
    ]),
  );
}

function typesOf({ names }: ApiDoor): readonly DeclaredName[] {
  return names.filter((declared) => !isValue(declared));
}

function slugFor(declared: DeclaredName, door: ApiDoor): string {
  return isValue(declared) ? door.slug : `${door.slug}${rangeOf(declared, door)}`;
}

/** What the address of a type's page has behind that of its door: nothing, `/types`, or letters too, as in `/types/a-b`. */
function rangeOf({ name }: DeclaredName, door: ApiDoor): string {
  const { length } = typesOf(door);
  if (length <= MOST_TYPES) return "";
  if (length <= MOST_ON_A_PAGE) return "/types";
  const letter = name.slice(0, 1).toLowerCase();
  const [first = "", last] = LETTERS.find(([, end = ""]) => letter <= end) ?? "";
  return `/types/${first === last ? first : `${first}-${last}`}`;
}

function overviewOf(doors: readonly ApiDoor[]): SitePage {
  const rows = doors.map(({ name, slug, names }) => {
    const values = names.filter(isValue).map((declared) => `\`${declared.name}\``);
    return `| [\`${name}\`](${addressOf(slug)}) | ${values.join(" ") || "types only"} |`;
  });
  const body = `Each door is what one \`import\` names. The declarations are those that the packages publish, with their comments.\n\n| door | functions, classes and values |\n|---|---|\n${rows.join("\n")}\n`;
  return {
    slug: "api",
    title: "API reference",
    description: "Every door of every package, with its signatures.",
    body,
    kind: "reference",
  };
}

function pagesOf(door: ApiDoor, doors: readonly ApiDoor[], places: Places): SitePage[] {
  const values = door.names.filter(isValue);
  const types = typesOf(door);
  const isApart = types.length > MOST_TYPES;
  const entries = (names: readonly DeclaredName[]): string =>
    names.map((declared) => entryOf(declared, linksOf(declared, door, doors, places))).join("\n");
  const link = (declared: DeclaredName): string =>
    `[\`${declared.name}\`](${places.get(door.slug)?.get(declared.name)})`;
  const typePart = isApart
    ? `## Types\n\n${types.map(link).join(" · ")}\n`
    : types.length === 0
      ? ""
      : `## Types\n\n${entries(types)}`;
  const own: SitePage = {
    slug: door.slug,
    title: door.name,
    description: `What ${door.name} exports: ${door.names.length} names, with their signatures.`,
    body: `\`\`\`ts\nimport { ${values[0]?.name ?? types[0]?.name ?? ""} } from "${door.name}";\n\`\`\`\n\n${values.length === 0 ? "" : `## Functions, classes and values\n\n${entries(values)}\n`}${typePart}`,
    kind: "reference",
  };
  return isApart ? [own, ...typePages(door, types, entries)] : [own];
}

/** The pages of the types of a large door. */
function typePages(
  door: ApiDoor,
  types: readonly DeclaredName[],
  entries: (names: readonly DeclaredName[]) => string,
): SitePage[] {
  const pages = Map.groupBy(types, (declared) => rangeOf(declared, door));
  return [...pages].map(([range, names]) => {
    const letters = range
      .replace(/^\/types\/?/, "")
      .toUpperCase()
      .replace("-", " to ");
    return {
      slug: `${door.slug}${range}`,
      title: `${door.name}: types ${letters}`.trim(),
      description: `The types of ${door.name}${letters === "" ? "" : ` that begin with ${letters}`}.`,
      body: `The types of [\`${door.name}\`](${addressOf(door.slug)}).\n\n${entries(names)}`,
      kind: "reference",
    };
  });
}

/** The names in a declaration that have an entry: of the same door, or else of the first door that has them. */
function linksOf(
  declared: DeclaredName,
  door: ApiDoor,
  doors: readonly ApiDoor[],
  places: Places,
): ReadonlyMap<string, string> {
  const code = declared.declarations.join("\n").replaceAll(/\/\*[\s\S]*?\*\/|"[^"]*"/g, "");
  const found = new Map<string, string>();
  for (const [name] of code.matchAll(/\b[A-Z]\w+\b/g)) {
    if (name === declared.name) continue;
    const holders = [door, ...doors];
    const place = holders.map(({ slug }) => places.get(slug)?.get(name)).find((at) => at !== undefined);
    if (place !== undefined) found.set(name, place);
  }
  return found;
}

function entryOf(declared: DeclaredName, links: ReadonlyMap<string, string>): string {
  const code = declared.declarations.map(readableCode).join("\n");
  const uses = [...links].map(([name, place]) => `[\`${name}\`](${place})`);
  const lines = [
    `### ${declared.name}`,
    commentMarkdown(declared.comment),
    `\`\`\`ts wrap\n${code}\n\`\`\``,
    ...(uses.length === 0 ? [] : [`Uses ${uses.join(" · ")}`]),
    `[Source](${REPOSITORY}/blob/main/${declared.path})`,
  ];
  return `${lines.filter((line) => line !== "").join("\n\n")}\n`;
}

/** A declaration as one reads it: indented by two spaces, and without the words of declaration files. */
function readableCode(declaration: string): string {
  return declaration
    .replace(/^export\s+/, "")
    .replace(/^declare\s+/, "")
    .replaceAll(/^\t+/gm, (tabs) => "  ".repeat(tabs.length))
    .replaceAll(/^( *)\*/gm, "$1 *");
}
