using Candor.Planning;
using FsCheck;
using FsCheck.Fluent;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace Candor.Infra.Tests.Report;

/// <summary>
/// A pull request of a stranger chooses every name and value in a Plan; none of them may act on whoever reads the comment.
/// </summary>
public sealed class HostileNamesTests
{
    private static readonly string[] Pieces =
    [
        "@everyone", "@acme/team", "&#64;everyone", "&commat;all", "#1", "&num;1", "acme/shop#12", "GH-7", "https://evil.example/x",
        "www.evil.example",
        "http&#58;//evil.example", "![pixel](https://evil.example/p.png)", "[text](https://evil.example)", "<img src=x>", "<a href=x>",
        "</details>",
        "<!--", "-->", "<details>", "`", "``", "```", "~~~", "|", "\\", "\\|", "\n", "\r\n", "\u2028", "\t", "    ", "# heading",
        "- [ ] task", "1. one", "---",
        "===", "> quote", "[^1]", "[x]: https://evil.example", ":tada:", "$x$", "**bold**", "_it_", "~gone~", "deadbeef", "0a9c706",
        "\u202e", "\ud800", "x@y.example",
        "mailto:x@y.example", "&amp;", "&lt;img&gt;", "a", " ", "(", ")", "'", "\"", "é", "🎉",
    ];

    private static readonly Gen<string> Hostile = Gen.Elements(Pieces).ArrayOf().Resize(8).Select(string.Concat);

    [Fact]
    public void No_text_in_a_report_acts_on_its_readers_or_leaves_its_place() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3000),
            Prop.ForAll(Hostile.ArrayOf().Resize(6).Where(texts => texts.Length > 0).ToArbitrary(), texts =>
            {
                var markdown = MarkdownReport.Write(ReportOf(texts), "candor preview");
                var violations = InertMarkdown.Violations(markdown).ToList();
                Assert.True(violations.Count == 0, string.Join('\n', violations) + "\nin\n" + markdown);
                AssertShape(markdown);
            }));

    [Theory]
    [InlineData("@everyone", "`@everyone`")]
    [InlineData("see https://evil.example now", "see `https://evil.example` now")]
    [InlineData("a | b", "a `\\|` b")]
    [InlineData("30s < 35s", "30s &lt; 35s")]
    [InlineData("balancer stops sending: 20s–35s", "balancer stops sending: 20s–35s")]
    public void Only_words_that_could_act_become_code(string text, string expected)
    {
        var table = new ReportTable(null, ["x"], [[new ReportCell(text)]]);

        Assert.Contains(
            $"| {expected} |", MarkdownReport.Write(new Candor.Planning.Report("t", [new("s", [table])])), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_value_may_be_broken_and_is_whole_when_put_together()
    {
        var value = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/orders/0123456789abcdef`x`";
        var table = new ReportTable(null, ["x"], [[ReportCell.Code(value)]]);

        var document = InertMarkdown.Parse(MarkdownReport.Write(new Candor.Planning.Report("t", [new("s", [table])])));

        var code = document.Descendants<Table>()
            .Single()
            .Descendants<Markdig.Syntax.Inlines.CodeInline>()
            .Select(part => part.Content)
            .ToList();
        Assert.All(code, part => Assert.InRange(part.Length, 1, 28));
        Assert.Equal(value, string.Concat(code));
    }

    // Every place that a text can stand in.
    private static Candor.Planning.Report ReportOf(string[] texts)
    {
        var next = 0;
        string Text() => texts[next++ % texts.Length];
        return new(Text(),
        [
            new(Text(),
            [
                new ReportText(Text(), Tone.Warning),
                new ReportText(Text()),
                new ReportList([Text(), new ReportCell(Text(), Tone.Bad)]),
                new ReportTable(
                    Text(),
                    [Text(), Text()],
                    [[Text(), ReportCell.Code(Text()) with { Owner = Text() }],
                        [ReportCell.Code(Text()), new ReportCell(Text(), Tone.Bad)]]),
                new ReportFold([new(Text(), Tone.Warning), ReportCell.Code(Text())], [new ReportText(Text())]),
            ]),
            new(Text(), [new ReportTree([new(Text(), Text(), [new(Text(), Text(), [])])])]) { Folded = true },
        ]);
    }

    private static void AssertShape(string markdown)
    {
        var document = InertMarkdown.Parse(markdown);
        Assert.Equal(2, document.Descendants<HeadingBlock>().Count());
        var table = Assert.Single(document.Descendants<Table>());
        Assert.Equal([2, 2, 2], table.Cast<TableRow>().Select(row => row.Count));
        Assert.Single(document.Descendants<FencedCodeBlock>());
        Assert.Single(document.Descendants<ListBlock>());
        Assert.Empty(document.Descendants<QuoteBlock>());
        Assert.Empty(document.Descendants<ThematicBreakBlock>());
        Assert.DoesNotContain(document.Descendants<CodeBlock>(), block => block is not FencedCodeBlock);
    }
}
