using Candor.Contract;
using Candor.Health.Settings;
using Microsoft.AspNetCore.Connections;

namespace Candor.Health;

/// <summary>Runs a program so that a person's mistake is answered with a sentence, not a stack trace.</summary>
public static class CandorProgram
{
    /// <summary>The exit code for a setting or contract that cannot be used, or a port that is taken.</summary>
    public const int WrongSettings = 2;

    /// <summary>Runs <paramref name="program"/>: everything from the builder to <c>app.RunAsync()</c>.</summary>
    /// <param name="program">The program.</param>
    /// <returns>The exit code: 0, or <see cref="WrongSettings"/> once the mistake is on the error output. Other exceptions pass through.</returns>
    public static async Task<int> RunAsync(Func<Task> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        try
        {
            await program().ConfigureAwait(false);
            return 0;
        }
        catch (Exception mistake) when (mistake is InvalidSettingException or InvalidContractException || mistake is IOException { InnerException: AddressInUseException })
        {
            await Console.Error.WriteLineAsync(mistake.Message).ConfigureAwait(false);
            return WrongSettings;
        }
    }
}
