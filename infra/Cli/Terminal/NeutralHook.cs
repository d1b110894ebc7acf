using Spectre.Console;
using Spectre.Console.Rendering;

namespace Candor.Cli.Terminal;

/// <summary>Neutralises control characters in all output, whatever draws it, and removes blanks at the ends of lines.</summary>
internal sealed class NeutralHook(bool folds) : IRenderHook
{
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) =>
        renderables.Select(inner => new Harmless(inner, folds || inner is not (Text or Paragraph or Markup)));

    private sealed class Harmless(IRenderable inner, bool folds) : IRenderable
    {
        /// <summary>A message in a pipe stays one line, so that grep finds any part of it.</summary>
        private const int NoLimit = 100_000;

        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            WithoutTrailingBlanks(inner.Render(options, folds ? maxWidth : NoLimit));

        // Tables are padded to their width; blanks are held back until something that is visible follows on the line.
        private static IEnumerable<Segment> WithoutTrailingBlanks(IEnumerable<Segment> segments)
        {
            var held = new List<Segment>();
            foreach (var segment in segments)
            {
                if (segment.IsControlCode)
                {
                    yield return segment;
                    continue;
                }

                if (segment.IsLineBreak)
                {
                    held.Clear();
                    yield return segment;
                    continue;
                }

                var text = Neutral.Text(segment.Text);
                var visible = text.TrimEnd(' ');
                if (visible.Length > 0)
                {
                    foreach (var blank in held)
                    {
                        yield return blank;
                    }

                    held.Clear();
                    yield return new Segment(visible, segment.Style);
                }

                if (visible.Length < text.Length)
                {
                    held.Add(new Segment(text[visible.Length..], segment.Style));
                }
            }

            // Without an end of line, as the blank before an answer is typed.
            foreach (var blank in held)
            {
                yield return blank;
            }
        }
    }
}
