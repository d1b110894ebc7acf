using Candor.Doctor.Model;

namespace Candor.Doctor.Output;

/// <summary>The path of a probe as a line with ticks up to the broken step.</summary>
internal static class PathLine
{
    internal static IEnumerable<string> Words(IReadOnlyList<StepMark> path) => path.Select(mark =>
        $"{mark.Step.Text()} {Sign(mark.Mark)}{(mark.Detail.Length == 0 ? string.Empty : $" ({mark.Detail})")}");

    internal static string Sign(Mark mark) => mark switch
    {
        Mark.Passed => "✓",
        Mark.Broken => "✗",
        Mark.NotReached => "·",
        _ => "?",
    };
}
