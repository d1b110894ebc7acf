using Candor.Contract;

namespace Candor.Cli.Parsing;

/// <summary>Which exceptions are a user's mistake, to be told in a sentence, and not a defect of ours.</summary>
internal static class UserMistake
{
    internal static string? Of(Exception exception) => exception switch
    {
        UsageException or InvalidContractException => exception.Message,
        _ => null,
    };
}
