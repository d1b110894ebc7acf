using Spectre.Console;
using Spectre.Console.Rendering;

namespace Candor.Cli.Terminal;

/// <summary>Makes harmless whatever is about to be shown, whoever wrote it and whatever it is drawn with.</summary>
internal sealed class NeutralHook(bool folds) : IRenderHook
{
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(inner => new Harmless(inner, folds || inner is not (Text or Paragraph or Markup)));

    private sealed class Harmless(IRenderable inner, bool folds) : IRenderable
    {
        /// <summary>A message in a pipe stays one line, for whoever looks for a part of it.</summary>
        private const int NoLimit = 100_000;

        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            inner.Render(options, folds ? maxWidth : NoLimit).Select(segment => segment.IsControlCode || segment.IsLineBreak ? segment : new Segment(Neutral.Text(segment.Text), segment.Style));
    }
}
