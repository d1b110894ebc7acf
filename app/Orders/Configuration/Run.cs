using Candor.Contract;
using Candor.Health.Settings;

namespace Candor.Orders.Configuration;

/// <summary>The way from an exception to an exit code: a person's mistake gets a sentence, not a stack trace.</summary>
public static class Run
{
    /// <summary>Runs the service to its end.</summary>
    /// <param name="service">Ends with why the service could not go on, or with null when it was asked to stop.</param>
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
