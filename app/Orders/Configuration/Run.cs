using Candor.Contract;
using Candor.Health.Settings;

namespace Candor.Orders.Configuration;

/// <summary>The way from an exception to an exit code: a person's mistake gets a sentence, not a stack trace.</summary>
public static class Run
{
    /// <summary>Runs the service to its end.</summary>
    /// <param name="service">Ends with the reason why the service failed, or with null when it was stopped.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> ToExitCodeAsync(Func<Task<string?>> service)
    {
        try
        {
            if (await service() is not { } failure)
            {
                return ExitCodes.Fine;
            }

            await Console.Error.WriteLineAsync(failure);
            return ExitCodes.Failed;
        }
        catch (Exception mistakes) when (mistakes is InvalidSettingsException or InvalidSettingException or InvalidContractException)
        {
            await Console.Error.WriteLineAsync(mistakes.Message);
            return ExitCodes.WrongSettings;
        }
        catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync(
                $"{taken.Message} Another process listens there; stop it, or set another port in the health contract.");
            return ExitCodes.WrongSettings;
        }
    }
}

/// <summary>The exit codes of the process.</summary>
public static class ExitCodes
{
    /// <summary>It was asked to stop and lost nothing.</summary>
    public const int Fine = 0;

    /// <summary>It failed: a start-up task did not succeed in time.</summary>
    public const int Failed = 1;

    /// <summary>A setting is missing or wrong, or the port is taken.</summary>
    public const int WrongSettings = 2;
}
