// Where a fragment of a macro's input ends, and with which tokens one may begin.

import { ExpressionParser } from "./expression-parser.ts";
import { MACRO_TOKEN, type FragmentKind } from "./model.ts";
import { isReserved } from "./token-cursor.ts";

const ITEM_WORDS =
    /^(?:use|mod|struct|enum|union|trait|impl|fn|type|const|static|extern|unsafe|async|auto|macro_rules|macro|default|safe|gen)$/u;
const TYPE_SIGNS = /^(?:[([!*&?<]|&&|<<|::)$/u;
const TYPE_WORDS = /^(?:_|for|impl|fn|unsafe|extern|typeof|dyn|self|Self|super|crate|\$crate)$/u;
const PATTERN_SIGNS = /^(?:[([&<-]|&&|\.\.\.?|::|<<)$/u;
const SIMPLE_ATTRIBUTE = /^(?:self|super|crate)$/u;

/** Reads the fragments of a macro's input. */
export class FragmentParser extends ExpressionParser {
    /** Says whether rustc would try to read such a fragment here. */
    mayBegin(fragment: FragmentKind, definitionEdition: number): boolean {
        switch (fragment) {
            case "expr":
                return this.mayBeginExpression(definitionEdition >= 2024);
            case "expr_2021":
                return this.mayBeginExpression(false);
            case "ty":
                return this.canBeginType();
            case "ident":
                return this.isIdentifier() && this.text !== "_";
            case "lifetime":
                return this.kind === MACRO_TOKEN.lifetime;
            case "literal":
                return this.canBeginLiteral();
            case "vis":
                return this.mayBeginVisibility();
            case "block":
                return this.text === "{" || this.isGroupOf("block", "stmt", "expr", "literal");
            case "path":
            case "meta":
                return this.mayBeginPath();
            case "pat":
            case "pat_param":
                return this.canBeginPattern(fragment === "pat" && definitionEdition >= 2021);
            case "item":
            case "stmt":
            case "tt":
                return !this.isAtEnd && this.kind !== MACRO_TOKEN.close && !this.isGroupEnd;
        }
    }

    /** Reads a fragment; says whether it is one. */
    parseFragment(fragment: FragmentKind, definitionEdition: number): boolean {
        switch (fragment) {
            case "expr":
            case "expr_2021":
                return this.skipWhole("expr", "expr_2021") || this.parseExpression();
            case "ty":
                return this.parseType();
            case "ident":
                return this.bump();
            case "lifetime":
                return this.eatLifetime();
            case "literal":
                return this.parseLiteral();
            case "vis":
                return this.parseVisibility();
            case "block":
                return this.parseBlock();
            case "path":
                return this.parsePath("type");
            case "meta":
                return this.parseMeta();
            case "pat":
                return definitionEdition >= 2021 ? this.parsePattern() : this.parseSinglePattern();
            case "pat_param":
                return this.parseSinglePattern();
            case "item":
                return this.parseItem();
            case "stmt":
                return this.parseStatement();
            case "tt":
                return this.parseTree();
        }
    }

    parseTree(): boolean {
        const opens = this.kind === MACRO_TOKEN.open || this.kind === MACRO_TOKEN.groupOpen;
        return opens ? this.leap() : this.bump();
    }

    private get isGroupEnd(): boolean {
        return this.kind === MACRO_TOKEN.groupClose;
    }

    /** Takes a group that is the whole expression. */
    private skipWhole(...fragments: readonly FragmentKind[]): boolean {
        const group = this.group;
        if (group === undefined || !fragments.includes(group)) {
            return false;
        }
        const after = this.list.tokens[(this.list.partner[this.at] ?? 0) + 1];
        const isWhole = after === undefined || /^(?:,|;|=>|[)\]}])$/u.test(after.text);
        return isWhole && this.leap();
    }

    private isGroupOf(...fragments: readonly FragmentKind[]): boolean {
        return this.group !== undefined && fragments.includes(this.group);
    }

    private mayBeginExpression(isNew: boolean): boolean {
        if (this.text === "let" || (!isNew && this.text === "const")) {
            return false;
        }
        return this.canBeginExpression() || (isNew && this.text === "_");
    }

    private mayBeginPath(): boolean {
        const { text, group } = this;
        const isWord = this.isIdentifier() || text === "::";
        const isGroup =
            group !== undefined && group !== "item" && group !== "block" && group !== "vis";
        return isWord || isGroup;
    }

    private canBeginType(): boolean {
        switch (this.kind) {
            case MACRO_TOKEN.identifier:
                return !isReserved(this.text, this.edition) || TYPE_WORDS.test(this.text);
            case MACRO_TOKEN.lifetime:
                return true;
            case MACRO_TOKEN.groupOpen:
                return this.isGroupOf("ty", "path");
            case MACRO_TOKEN.literal:
                return false;
            default:
                return TYPE_SIGNS.test(this.text);
        }
    }

    private canBeginPattern(withBar: boolean): boolean {
        switch (this.kind) {
            case MACRO_TOKEN.identifier:
            case MACRO_TOKEN.literal:
                return true;
            case MACRO_TOKEN.groupOpen:
                return /^(?:expr|expr_2021|literal|meta|pat|pat_param|path|ty)$/u.test(
                    this.group ?? "",
                );
            default:
                return PATTERN_SIGNS.test(this.text) || (withBar && this.text === "|");
        }
    }

    private canBeginLiteral(): boolean {
        if (this.isGroupOf("expr", "expr_2021")) {
            const inner = this.list.tokens[this.at + 1];
            const count = (this.list.partner[this.at] ?? 0) - this.at - 1;
            const isNegative = inner?.text === "-" && count === 2;
            const last = this.list.tokens[this.at + count];
            return (isNegative || count === 1) && isLiteralToken(last);
        }
        const { text } = this;
        return (
            this.kind === MACRO_TOKEN.literal ||
            text === "-" ||
            text === "true" ||
            text === "false" ||
            this.isGroupOf("literal")
        );
    }

    private mayBeginVisibility(): boolean {
        const isGroup = this.kind === MACRO_TOKEN.groupOpen;
        return this.text === "," || this.isIdentifier() || isGroup || this.canBeginType();
    }

    /** A visibility, maybe the empty one. */
    parseVisibility(): boolean {
        if (this.skipGroup("vis") || !this.eat("pub")) {
            return true;
        }
        const word = this.textAhead(1);
        const isScope = SIMPLE_ATTRIBUTE.test(word) && this.textAhead(2) === ")";
        if (this.text === "(" && (isScope || word === "in" || word === "$crate")) {
            this.skipTree();
        }
        return true;
    }

    /** The contents of an attribute. */
    private parseMeta(): boolean {
        if (this.skipGroup("meta")) {
            return true;
        }
        if (this.eat("unsafe")) {
            return this.skipTree("(");
        }
        if (!this.parsePath("module")) {
            return false;
        }
        return this.eat("=") ? this.parseExpression() : this.skipTree() || true;
    }

    private parseAttributes(): void {
        for (;;) {
            if (this.kind === MACRO_TOKEN.doc) {
                this.bump();
            } else if (
                this.text === "#" &&
                (this.textAhead(1) === "[" || this.textAhead(1) === "!")
            ) {
                this.bump();
                this.eat("!");
                this.skipTree("[");
            } else {
                return;
            }
        }
    }

    private parseStatement(): boolean {
        if (this.skipGroup("stmt")) {
            return true;
        }
        const start = this.at;
        this.parseAttributes();
        if (this.eat(";") || this.skipGroup("item", "stmt")) {
            return true;
        }
        if (this.text === "let" || (this.text === "super" && this.textAhead(1) === "let")) {
            this.eat("super");
            return this.parseLocal();
        }
        if (this.isItemStart()) {
            this.at = start;
            return this.parseItem();
        }
        return this.isMacroCallAhead()
            ? this.parseMacroStatement()
            : this.parseStatementExpression();
    }

    private parseLocal(): boolean {
        this.bump();
        if (!this.parsePattern() || (this.eat(":") && !this.parseType())) {
            return false;
        }
        if (!this.eat("=")) {
            return true;
        }
        return this.parseExpression() && (this.eat("else") ? this.parseBlock() : true);
    }

    /** Says whether a macro is called by a path without arguments here. */
    private isMacroCallAhead(): boolean {
        let ahead = this.text === "::" ? 1 : 0;
        while (this.isPathSegment(ahead) && this.textAhead(ahead + 1) === "::") {
            ahead += 2;
        }
        const isCall = this.isPathSegment(ahead) && this.textAhead(ahead + 1) === "!";
        return isCall && this.kindAhead(ahead + 2) === MACRO_TOKEN.open;
    }

    private parseMacroStatement(): boolean {
        if (!this.parsePath("module") || !this.eat("!")) {
            return false;
        }
        const isBraced = this.text === "{";
        this.skipTree();
        const next = this.textAhead(0);
        const isWhole = (isBraced && next !== "." && next !== "?") || next === ";";
        return isWhole || this.isAtEnd || this.parseExpressionRest();
    }

    /** Says whether an item begins here, its attributes passed. */
    private isItemStart(): boolean {
        const { text } = this;
        const next = this.textAhead(1);
        if (text === "pub" || this.group === "vis") {
            return true;
        }
        if (!ITEM_WORDS.test(text)) {
            return false;
        }
        switch (text) {
            case "const":
                return next === "async"
                    ? this.isAsyncFunctionAhead()
                    : !/^(?:\{|\||\|\||move|static)$/u.test(next);
            case "static":
                return !/^(?:\||\|\||move|async)$/u.test(next);
            case "unsafe":
                return next !== "{" && this.kindAhead(1) !== MACRO_TOKEN.groupOpen;
            case "async":
            case "gen":
            case "safe":
            case "default":
                return /^(?:fn|unsafe|async|gen|extern|impl|const|type|static)$/u.test(next);
            case "auto":
                return next === "trait";
            case "union":
                return this.isPlainIdentifier(1);
            case "macro_rules":
                return next === "!" && this.kindAhead(2) === MACRO_TOKEN.identifier;
            case "macro":
                return this.kindAhead(1) === MACRO_TOKEN.identifier;
            default:
                return true;
        }
    }

    /** `const async fn`; `const async |…|` is a closure. */
    private isAsyncFunctionAhead(): boolean {
        return this.textAhead(2) === "fn" || this.textAhead(2) === "unsafe";
    }

    private parseItem(): boolean {
        if (this.skipGroup("item")) {
            return true;
        }
        this.parseAttributes();
        if (this.skipGroup("item")) {
            return true;
        }
        this.parseVisibility();
        if (this.text === "const" && this.textAhead(1) === "{") {
            return this.bump() && this.skipTree();
        }
        if (!this.isItemStart()) {
            return this.parseMacroItem();
        }
        if (this.text === "macro_rules") {
            this.at += 3;
            return this.parseMacroArguments();
        }
        return this.skipItem();
    }

    private parseMacroItem(): boolean {
        return this.isMacroCallAhead() && this.parsePath("module") && this.eat("!")
            ? this.parseMacroArguments()
            : false;
    }

    private parseMacroArguments(): boolean {
        const needsEnd = this.text !== "{";
        return this.skipTree() && (needsEnd ? this.eat(";") : true);
    }

    /** To the end of an item: a semicolon, or the first block that is not in angle brackets. */
    private skipItem(): boolean {
        const endsInSemicolon = this.endsInSemicolon();
        let angles = 0;
        while (!this.isAtEnd) {
            const { kind, text } = this;
            if (kind === MACRO_TOKEN.open || kind === MACRO_TOKEN.groupOpen) {
                const isBody = (text === "{" || this.group === "block") && angles <= 0;
                this.leap();
                if (isBody && !endsInSemicolon) {
                    return true;
                }
                continue;
            }
            if (kind === MACRO_TOKEN.close || kind === MACRO_TOKEN.groupClose) {
                return false;
            }
            this.bump();
            if (text === ";" && kind === MACRO_TOKEN.punctuation) {
                return true;
            }
            angles += kind === MACRO_TOKEN.punctuation ? anglesOf(text) : 0;
        }
        return false;
    }

    /** Constants, statics, types and imports end in a semicolon, whatever braces they hold. */
    private endsInSemicolon(): boolean {
        let ahead = 0;
        while (/^(?:default|safe|unsafe)$/u.test(this.textAhead(ahead))) {
            ahead += 1;
        }
        const word = this.textAhead(ahead);
        const next = this.textAhead(ahead + 1);
        const isConstant =
            word === "const" && !/^(?:fn|unsafe|extern|async|trait|impl|safe|gen)$/u.test(next);
        return (
            isConstant ||
            /^(?:static|type|use)$/u.test(word) ||
            (word === "extern" && next === "crate")
        );
    }
}

function isLiteralToken(
    token: { readonly kind: number; readonly text: string } | undefined,
): boolean {
    return token?.kind === MACRO_TOKEN.literal || token?.text === "true" || token?.text === "false";
}

/** By how much an operator opens angle brackets. */
function anglesOf(text: string): number {
    switch (text) {
        case "<":
        case "<-":
            return 1;
        case "<<":
            return 2;
        case ">":
        case ">=":
            return -1;
        case ">>":
        case ">>=":
            return -2;
        default:
            return 0;
    }
}
