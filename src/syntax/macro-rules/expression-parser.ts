// Where an expression ends. Precedence does not matter for that, so an expression is operands with
// operators between; what matters is where a brace opens a struct literal and where a block ends a statement.

import { MACRO_TOKEN } from "./model.ts";
import { PatternParser } from "./pattern-parser.ts";
import { isReserved } from "./token-cursor.ts";

const BEGINNING_WORDS = new Set([
    ...["self", "Self", "super", "crate", "$crate", "async", "do", "box", "break", "const"],
    ...["continue", "false", "for", "gen", "if", "let", "loop", "match", "move", "return", "true"],
    ...["try", "unsafe", "while", "yield", "safe", "static"],
]);
const BEGINNING_SIGNS = /^(?:[!*|&<#-]|\|\||&&|\.\.[.=]?|<<|::|<-)$/u;
const BINARY = /^(?:[+\-*/%^&|<>=]|<<|>>|[=!<>]=|&&|\|\||[+\-*/%^&|]=|<<=|>>=|<-)$/u;
const RANGE = /^\.\.[.=]?$/u;

/** How an expression stands: in the head of `if` no brace opens a struct literal. */
interface Restrictions {
    readonly noStruct: boolean;
    /** A block at the start is the whole statement. */
    readonly statement: boolean;
}

const FREE: Restrictions = { noStruct: false, statement: false };
const HEAD: Restrictions = { noStruct: true, statement: false };
const STATEMENT: Restrictions = { noStruct: false, statement: true };

/** What was read of an operand: it failed, is whole, is a block, or waits for an expression. */
type Operand = "failed" | "whole" | "block" | "open" | "prefix";

/** Reads expressions. */
export abstract class ExpressionParser extends PatternParser {
    override parseExpression(): boolean {
        return this.parseRestricted(FREE);
    }

    parseStatementExpression(): boolean {
        return this.parseRestricted(STATEMENT);
    }

    /** Goes on behind an operand that is already read. */
    parseExpressionRest(): boolean {
        return this.parsePostfix(false) && this.parseOperators(FREE);
    }

    canBeginExpression(): boolean {
        switch (this.kind) {
            case MACRO_TOKEN.identifier:
                return !isReserved(this.text, this.edition) || BEGINNING_WORDS.has(this.text);
            case MACRO_TOKEN.literal:
            case MACRO_TOKEN.lifetime:
            case MACRO_TOKEN.open:
                return true;
            case MACRO_TOKEN.groupOpen:
                return /^(?:block|expr|expr_2021|literal|path)$/u.test(this.group ?? "");
            default:
                return BEGINNING_SIGNS.test(this.text);
        }
    }

    private parseRestricted(restrictions: Restrictions): boolean {
        const operand = this.parseOperands(restrictions);
        if (operand === "failed") {
            return false;
        }
        if (operand === "block" && restrictions.statement) {
            const end = this.at;
            if (!this.parsePostfix(true)) {
                return false;
            }
            return this.at === end || this.parseOperators(restrictions);
        }
        return this.parsePostfix(false) && this.parseOperators(restrictions);
    }

    private parseOperators(restrictions: Restrictions): boolean {
        for (;;) {
            if (this.eat("as")) {
                if (!this.parseType(false)) {
                    return false;
                }
            } else if (RANGE.test(this.text)) {
                this.bump();
                if (this.isExpressionAhead(restrictions) && !this.parseOperand(restrictions)) {
                    return false;
                }
            } else if (this.kind === MACRO_TOKEN.punctuation && BINARY.test(this.text)) {
                const isArrow = this.text === "<-";
                if (!(isArrow ? this.eatSign("<") : this.bump())) {
                    return false;
                }
                if (!this.parseOperand(restrictions)) {
                    return false;
                }
            } else {
                return true;
            }
        }
    }

    private parseOperand(restrictions: Restrictions): boolean {
        return this.parseOperands(restrictions) !== "failed" && this.parsePostfix(false);
    }

    private isExpressionAhead(restrictions: Restrictions): boolean {
        return this.canBeginExpression() && !(restrictions.noStruct && this.text === "{");
    }

    /** Prefixes and the operand behind them. */
    private parseOperands(restrictions: Restrictions): Operand {
        let isFirst = true;
        for (;;) {
            const operand = this.parsePart(restrictions);
            if (operand === "open") {
                if (!this.isExpressionAhead(restrictions)) {
                    return "whole";
                }
            } else if (operand !== "prefix") {
                return operand === "block" && !isFirst ? "whole" : operand;
            }
            isFirst = false;
        }
    }

    private parsePart(restrictions: Restrictions): Operand {
        switch (this.kind) {
            case MACRO_TOKEN.identifier:
                return this.parseWord(restrictions);
            case MACRO_TOKEN.literal:
                return whole(this.bump());
            case MACRO_TOKEN.open: {
                const isBlock = this.text === "{";
                this.leap();
                return isBlock ? "block" : "whole";
            }
            case MACRO_TOKEN.lifetime:
                return this.parseLabel();
            case MACRO_TOKEN.groupOpen:
                return this.parseGroup(restrictions);
            default:
                return this.parseSign(restrictions);
        }
    }

    private parseSign(restrictions: Restrictions): Operand {
        switch (this.text) {
            case "#":
                this.bump();
                this.eat("!");
                return this.skipTree("[") ? "prefix" : "failed";
            case "!":
            case "-":
            case "*":
                this.bump();
                return "prefix";
            case "&":
            case "&&":
                return this.parseReference();
            case "..":
            case "..=":
            case "...":
                this.bump();
                return "open";
            case "|":
            case "||":
                return this.parseClosure();
            case "<":
            case "<<":
            case "<-":
            case "::":
                return this.parsePathExpression(restrictions);
            default:
                return "failed";
        }
    }

    private parseReference(): Operand {
        this.eatSign("&");
        const isRaw =
            (this.text === "raw" || this.text === "pin") &&
            /^(?:const|mut)$/u.test(this.textAhead(1));
        if (isRaw) {
            this.bump();
            this.bump();
        } else {
            this.eat("mut");
        }
        return "prefix";
    }

    private parseGroup(restrictions: Restrictions): Operand {
        switch (this.group) {
            case "block":
                this.leap();
                return "block";
            case "path":
            case "ty":
                return this.parsePathExpression(restrictions);
            case "expr":
            case "expr_2021":
            case "literal":
            case "stmt":
                this.leap();
                return "whole";
            default:
                return "failed";
        }
    }

    private parsePathExpression(restrictions: Restrictions): Operand {
        if (!this.parsePath("expression")) {
            return "failed";
        }
        if (this.text === "!" && this.kindAhead(1) === MACRO_TOKEN.open) {
            this.bump();
            return whole(this.skipTree());
        }
        if (!restrictions.noStruct) {
            this.skipTree("{");
        }
        return "whole";
    }

    private parseLabel(): Operand {
        this.bump();
        if (!this.eat(":")) {
            return "failed";
        }
        const isBlock = this.group === "block" || /^(?:loop|while|for|\{|unsafe)$/u.test(this.text);
        return isBlock ? this.parsePart(FREE) : "failed";
    }

    private parseWord(restrictions: Restrictions): Operand {
        switch (this.text) {
            case "if":
                return this.parseIf();
            case "match":
                this.bump();
                return block(this.parseRestricted(HEAD) && this.skipTree("{"));
            case "while":
                this.bump();
                return block(this.parseRestricted(HEAD) && this.parseBlock());
            case "loop":
                this.bump();
                return block(this.parseBlock());
            case "for":
                return this.parseFor();
            case "let":
                this.bump();
                return this.parsePattern() && this.eat("=") ? "prefix" : "failed";
            case "return":
            case "become":
                this.bump();
                return "open";
            case "break":
                this.bump();
                this.eatJumpLabel();
                return "open";
            case "continue":
                this.bump();
                this.eatJumpLabel();
                return "whole";
            case "true":
            case "false":
            case "_":
                return whole(this.bump());
            default:
                return this.parseContextualWord(restrictions);
        }
    }

    private parseContextualWord(restrictions: Restrictions): Operand {
        if (this.isClosure()) {
            return this.parseClosure();
        }
        const modifier = blockModifierLength(this.text, this.textAhead(1));
        const isBlock = modifier > 0 && this.isBlockAhead(modifier);
        if (isBlock) {
            this.at += modifier;
            return block(this.parseBlock());
        }
        if (this.text === "yield" && isReserved("yield", this.edition)) {
            this.bump();
            return "open";
        }
        if (this.text === "do" && this.textAhead(1) === "yeet") {
            this.at += 2;
            return "open";
        }
        if (this.text === "box") {
            this.bump();
            return "prefix";
        }
        return this.isPathSegment() ? this.parsePathExpression(restrictions) : "failed";
    }

    private isBlockAhead(distance: number): boolean {
        const token = this.list.tokens[this.at + distance];
        return token?.text === "{" || token?.fragment === "block";
    }

    /** A label behind `break`, unless it labels the loop that is the value. */
    private eatJumpLabel(): void {
        if (this.kind === MACRO_TOKEN.lifetime && this.textAhead(1) !== ":") {
            this.bump();
        }
    }

    parseBlock(): boolean {
        return this.skipTree("{") || this.skipGroup("block", "expr", "stmt");
    }

    private parseIf(): Operand {
        this.bump();
        if (!this.parseRestricted(HEAD) || !this.parseBlock()) {
            return "failed";
        }
        if (!this.eat("else")) {
            return "block";
        }
        return this.text === "if" ? this.parseIf() : block(this.parseBlock());
    }

    private parseFor(): Operand {
        if (this.textAhead(1) === "<" && this.isBinderOfClosure()) {
            return this.parseClosure();
        }
        this.bump();
        const head = this.parsePattern() && this.eat("in") && this.parseRestricted(HEAD);
        return block(head && this.parseBlock());
    }

    /** `for<'a> |x|` against `for <T as Trait>::CONST in …`, which nobody writes but rustc reads. */
    private isBinderOfClosure(): boolean {
        return this.kindAhead(2) === MACRO_TOKEN.lifetime || this.textAhead(2) === ">";
    }

    private isClosure(): boolean {
        let ahead = 0;
        while (/^(?:static|async|move|const|use|gen)$/u.test(this.textAhead(ahead))) {
            ahead += 1;
        }
        const text = this.textAhead(ahead);
        return ahead > 0 && (text === "|" || text === "||");
    }

    private parseClosure(): Operand {
        if (!this.parseBinder()) {
            return "failed";
        }
        while (this.isIdentifier()) {
            this.bump();
        }
        if (!this.eat("||") && !this.parseClosureParameters()) {
            return "failed";
        }
        if (this.text !== "->") {
            return "prefix";
        }
        return whole(this.parseReturnType() && this.parseBlock());
    }

    private parseClosureParameters(): boolean {
        if (!this.eatSign("|")) {
            return false;
        }
        while (!this.eatSign("|")) {
            while (this.eat("#")) {
                this.skipTree("[");
            }
            if (!this.parseSinglePattern() || (this.eat(":") && !this.parseType())) {
                return false;
            }
            if (!this.eat(",") && !this.startsWith("|")) {
                return false;
            }
        }
        return true;
    }

    /** `?`, `.name`, calls, indices; behind a statement's block only the first two. */
    private parsePostfix(isStatementBlock: boolean): boolean {
        let isBlock = isStatementBlock;
        for (;;) {
            if (this.eat("?")) {
                isBlock = false;
            } else if (this.eat(".")) {
                if (!this.parseMember()) {
                    return false;
                }
                isBlock = false;
            } else if (isBlock || (this.text !== "(" && this.text !== "[") || !this.skipTree()) {
                return true;
            }
        }
    }

    private parseMember(): boolean {
        if (this.kind === MACRO_TOKEN.literal) {
            return this.bump();
        }
        if (this.skipGroup("literal", "expr")) {
            return true;
        }
        if (!this.isIdentifier()) {
            return false;
        }
        this.bump();
        if (this.text === "::" && /^<[<-]?$/u.test(this.textAhead(1))) {
            return this.bump() && this.parseAngleList();
        }
        return true;
    }
}

function whole(success: boolean): Operand {
    return success ? "whole" : "failed";
}

function block(success: boolean): Operand {
    return success ? "block" : "failed";
}

/** Number of words before a block that are part of it: `unsafe {`, `async move {`. */
function blockModifierLength(word: string, next: string): number {
    switch (word) {
        case "unsafe":
        case "const":
        case "try":
        case "static":
            return 1;
        case "async":
        case "gen":
            return next === "move" || next === "gen" ? 2 : 1;
        default:
            return 0;
    }
}
