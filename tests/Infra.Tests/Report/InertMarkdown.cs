using System.Text;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Candor.Infra.Tests.Report;

/// <summary>Reads Markdown as GitHub does and finds what would act on somebody: mentions, references, links, images, HTML.</summary>
internal static partial class InertMarkdown
{
    private static readonly MarkdownPipeline GitHub = new MarkdownPipelineBuilder()
        .UsePipeTables().UseAutoLinks().UseEmphasisExtras().UseTaskLists().UseFootnotes().UseEmojiAndSmiley().UseMathematics().Build();

    public static MarkdownDocument Parse(string markdown) => Markdown.Parse(markdown, GitHub);

    public static IEnumerable<string> Violations(string markdown)
    {
        var document = Parse(markdown);
        foreach (var inline in document.Descendants<Inline>())
        {
            // Where a long value may be broken.
            if (inline is HtmlInline { Tag: "<wbr>" })
            {
                continue;
            }

            if (inline is LinkInline or AutolinkInline or HtmlInline or Markdig.Extensions.Footnotes.FootnoteLink
                or Markdig.Extensions.TaskLists.TaskList or Markdig.Extensions.Emoji.EmojiInline
                or Markdig.Extensions.Mathematics.MathInline)
            {
                yield return $"{inline.GetType().Name} at character {inline.Span.Start}";
            }
        }

        foreach (var block in document.Descendants<LeafBlock>())
        {
            switch (block)
            {
                case HtmlBlock html:
                    var element = html.Lines.ToString().Trim();
                    var summary = Summary().Match(element);
                    if (element != "</details>" && !Marker().IsMatch(element) && !summary.Success)
                    {
                        yield return $"HTML: {element}";
                    }

                    if (summary.Success && Acting().Match(Decoded(summary.Groups[1].Value)) is { Success: true } acting)
                    {
                        yield return $"'{acting.Value}' in the summary {element}";
                    }

                    break;
                case { Inline: { } inlines }:
                    // What is in code is looked at by nobody.
                    var text = Visible(inlines);
                    if (Acting().Match(text) is { Success: true } match)
                    {
                        yield return $"'{match.Value}' in: {text}";
                    }

                    break;
            }
        }
    }

    private static string Visible(ContainerInline inlines)
    {
        var text = new StringBuilder();
        foreach (var inline in inlines.Descendants<Inline>())
        {
            _ = inline switch
            {
                LiteralInline literal => text.Append(literal.Content.ToString()),
                HtmlEntityInline entity => text.Append(entity.Transcoded.ToString()),
                CodeInline => text.Append('\u0001'),
                LineBreakInline => text.Append('\n'),
                _ => text,
            };
        }

        return text.ToString();
    }

    private static string Decoded(string html) => System.Net.WebUtility.HtmlDecode(Regex.Replace(html, "<code>[^<]*</code>", "\u0001"));

    [GeneratedRegex(@"\A<details><summary>((?:[^<]|<code>[^<]*</code>)*)</summary>\z")]
    private static partial Regex Summary();

    [GeneratedRegex(@"\A<!-- [a-z ]+ -->\z")]
    private static partial Regex Marker();

    [GeneratedRegex(@"@\w|#[0-9]|\bGH-[0-9]|://|www\.|\b[0-9a-f]{7,40}\b|:[\w+-]+:", RegexOptions.IgnoreCase)]
    private static partial Regex Acting();
}
