using System.ComponentModel;
using Candor.Chaos;
using Candor.Contract;
using Candor.Local;
using Candor.Planning;
using Candor.Planning.Typings;
using Candor.Program.Config;

namespace Candor.Cli.Parsing;

/// <summary>Which exceptions are a user's mistake, to be told in a sentence, and not a defect of ours.</summary>
internal static class UserMistake
{
    internal static string? Of(Exception exception) => exception switch
    {
        UsageException or InvalidContractException or LocalException or ChaosException or TypingsUnavailableException => exception.Message,
        StackFileException or StackConfigException or PlanFormatException or PlanRecordingException => exception.Message,
        // What the machine refuses: a folder that cannot be written, a program that is not there.
        IOException or UnauthorizedAccessException or Win32Exception => exception.Message,
        _ => null,
    };
}
