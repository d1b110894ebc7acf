using System.CommandLine;
using System.CommandLine.Parsing;
using Candor.Contract;

namespace Candor.Cli.Parsing;

/// <summary>Turns parse errors into sentences that name what was probably meant.</summary>
internal static class Mistakes
{
    /// <summary>
    /// Words that were taken for an argument but were meant as an option: <c>preview --jsn -</c> asks for no stack called --jsn.
    /// </summary>
    internal static IReadOnlyList<string> MisspeltOptions(ParseResult parsed) =>
        [.. parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .Where(word => word.Length > 2 && word.StartsWith("--", StringComparison.Ordinal))];

    internal static IEnumerable<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        IReadOnlyList<string> misspelt = MisspeltOptions(parsed);
        // The words behind a misspelt option belong to it.
        var unmatched = misspelt.Count > 0 ? misspelt : parsed.UnmatchedTokens;
        foreach (var word in unmatched)
        {
            yield return word.StartsWith('-')
                ? Unknown("option", word, Options(command))
                : Unknown(command.Subcommands.Count > 0 ? "verb" : "argument", word, command.Subcommands.Select(verb => verb.Name));
        }

        if (unmatched.Count == 0)
        {
            foreach (var error in parsed.Errors)
            {
                yield return error.Message;
            }
        }
    }

    private static string Unknown(string what, string word, IEnumerable<string> known)
    {
        var names = known.ToArray();
        return NearestName.Of(word, names) is { } nearest
            ? $"Unknown {what} '{word}'. Did you mean '{nearest}'?"
            : names.Length == 0 ? $"Unknown {what} '{word}'." : $"Unknown {what} '{word}'. Known: {string.Join(", ", names)}.";
    }

    private static IEnumerable<string> Options(Command command) => command.Options.Select(option => option.Name);
}
