using System.ComponentModel;
using Candor.Chaos;
using Candor.Contract;
using Candor.Local;
using Candor.Planning;
using Candor.Program.Config;

namespace Candor.Cli.Parsing;

/// <summary>Which exceptions are a user's mistake, printed as one sentence, and not a bug in Candor.</summary>
internal static class UserMistake
{
    internal static string? Of(Exception exception) => exception switch
    {
        UsageException or InvalidContractException or LocalException or ChaosException => exception.Message,
        StackFileException or StackConfigException or PlanFormatException or PlanRecordingException => exception.Message,
        // What the machine refuses: a folder that cannot be written, a program that is not there.
        IOException or UnauthorizedAccessException or Win32Exception => exception.Message,
        _ => null,
    };
}
